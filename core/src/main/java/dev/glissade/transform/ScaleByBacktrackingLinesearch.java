package dev.glissade.transform;

import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.LineSearch;
import dev.glissade.LineSearch.Line;
import dev.glissade.LossFunction.EvaluatedState;
import dev.glissade.Scalar;
import dev.glissade.Step;
import dev.glissade.Tree;
import dev.glissade.records.Check;
import dev.glissade.withers.Withers;
import org.jspecify.annotations.Nullable;

/**
 * Scales updates so that the loss decreases enough, by making the step smaller until it does
 * (Armijo, "Minimization of Functions Having Lipschitz Continuous First Partial Derivatives",
 * 1966). With f0 the loss at the parameters, u the updates and d0 = {@code <u, g>} their slope:
 *
 * <pre>{@code
 * s = min(increaseFactor s_before, maxLearningRate)
 * until e = max(f(x + s u) - (1 + rtol) f0 - s slopeRtol min(d0, 0), 0) <= atol:  s <- decreaseFactor s
 * u <- s u
 * }</pre>
 *
 * <p>It goes at the end of a chain, after the sign of the updates has been turned. The step needs
 * the loss and a function that computes it elsewhere:
 *
 * <pre>{@code
 * stepper.step(gradients, Extras.NONE.withValue(loss).withLossFunction(function));
 * }</pre>
 *
 * <p>A loss that is NaN or infinite counts as too large. If no try decreases the loss enough,
 * nothing moves, s in the state stays that of the last success, decreaseError in the info is not 0,
 * and the next search goes on with smaller tries.
 *
 * <p>Differs from Optax as follows. There the last try is taken even if it raises the loss, or s
 * becomes 0 for ever if the loss was infinite. Updates that point uphill (d0 > 0) may not raise the
 * loss. {@link Extras#gradients} are known to the step, so there is no argument {@code grad}.
 *
 * @param maxBacktrackingSteps how often to make the step smaller, at least 1
 * @param slopeRtol the part of the slope that the loss has to follow, in [0, 1]
 * @param decreaseFactor what a step is multiplied by after a failure, in (0, 1)
 * @param increaseFactor what the next first try is, as a multiple of the last step; at least 1
 * @param maxLearningRate the largest s, positive
 * @param atol by how much the loss may be too large, not negative
 * @param rtol the same, as a part of the loss, not negative
 * @param storeGrad whether to evaluate the gradients with each try, and keep them in the state for
 *     {@link dev.glissade.Stepper#stepAgain}
 */
@Withers
public record ScaleByBacktrackingLinesearch(
    int maxBacktrackingSteps,
    double slopeRtol,
    double decreaseFactor,
    double increaseFactor,
    double maxLearningRate,
    double atol,
    double rtol,
    boolean storeGrad)
    implements GradientTransformation<ScaleByBacktrackingLinesearch.BacktrackingState>,
        ScaleByBacktrackingLinesearchWithers {

  /**
   * The state of {@link ScaleByBacktrackingLinesearch}.
   *
   * @param learningRate s of the last step that was taken; 1 before the first
   * @param guess the first try of the next search
   * @param value the loss at the parameters after the step; infinite before the first
   * @param grad the gradients there; null without storeGrad
   * @param info what the last search did
   */
  public record BacktrackingState(
      Scalar learningRate, Scalar guess, Scalar value, @Nullable Tree grad, BacktrackingInfo info)
      implements EvaluatedState {}

  /**
   * What a search did.
   *
   * @param numLinesearchSteps how often it evaluated the loss
   * @param decreaseError e of the last try; more than atol if nothing moved
   */
  public record BacktrackingInfo(Scalar numLinesearchSteps, Scalar decreaseError) {}

  /**
   * Checks the arguments.
   *
   * @param maxBacktrackingSteps at least 1
   * @param slopeRtol in [0, 1]
   * @param decreaseFactor in (0, 1)
   * @param increaseFactor finite and at least 1
   * @param maxLearningRate positive
   * @param atol finite and not negative
   * @param rtol finite and not negative
   * @param storeGrad true or false
   * @throws IllegalArgumentException if an argument breaks its rule
   */
  public ScaleByBacktrackingLinesearch {
    Check.atLeast("maxBacktrackingSteps", 1, maxBacktrackingSteps);
    Check.that(slopeRtol >= 0 && slopeRtol <= 1, "slopeRtol must be in [0, 1]", slopeRtol);
    Check.that(
        decreaseFactor > 0 && decreaseFactor < 1,
        "decreaseFactor must be in (0, 1)",
        decreaseFactor);
    Check.that(
        increaseFactor >= 1 && increaseFactor < Double.POSITIVE_INFINITY,
        "increaseFactor must be finite and at least 1",
        increaseFactor);
    Check.that(maxLearningRate > 0, "maxLearningRate must be positive", maxLearningRate);
    Check.notNegative("atol", atol);
    Check.notNegative("rtol", rtol);
  }

  /**
   * Returns the search with slopeRtol = 1e-4, decreaseFactor = 0.8, increaseFactor = 1.5,
   * maxLearningRate = 1, atol = 0 and rtol = 0, without gradients in the state.
   *
   * @param maxBacktrackingSteps how often to make the step smaller
   * @return the transformation
   */
  public static ScaleByBacktrackingLinesearch of(int maxBacktrackingSteps) {
    return new ScaleByBacktrackingLinesearch(maxBacktrackingSteps, 1e-4, 0.8, 1.5, 1, 0, 0, false);
  }

  @Override
  public BacktrackingState initialState(Tree params) {
    Scalar zero = Scalar.of(0);
    return new BacktrackingState(
        Scalar.of(1),
        Scalar.of(Math.min(increaseFactor, maxLearningRate)),
        Scalar.of(Double.POSITIVE_INFINITY),
        storeGrad ? params.zeros() : null,
        new BacktrackingInfo(zero, zero));
  }

  @Override
  public Step<BacktrackingState> step(Tree u, BacktrackingState state, Tree x, Extras extras) {
    LineSearch search = this::search;
    LineSearch.Found found = search.along(u, x, state.guess(), storeGrad, extras);
    Scalar moves = found.step().greaterThan(0);
    return Step.of(
        moves.choose(u.times(found.step()), u.zeros()),
        new BacktrackingState(
            moves.choose(found.step(), state.learningRate()),
            moves.choose(
                found.step().times(increaseFactor).min(maxLearningRate), smaller(state.guess())),
            found.value(),
            storeGrad ? found.gradients() : null,
            new BacktrackingInfo(found.evaluations(), found.decreaseError())));
  }

  /** Returns the first try after a search without success. */
  private Scalar smaller(Scalar guess) {
    Scalar next = guess.times(Math.pow(decreaseFactor, maxBacktrackingSteps + 1.0));
    return next.greaterThan(0).choose(next, guess);
  }

  private double search(Line line) {
    double s = line.guess();
    double error = error(line, s);
    for (int i = 0; i < maxBacktrackingSteps && !(error <= atol); i++) {
      s *= decreaseFactor;
      error = error(line, s);
    }
    line.report(error, 0);
    return error <= atol ? s : 0;
  }

  /** Returns by how much the loss is too large. */
  private double error(Line line, double s) {
    double f = storeGrad ? line.evaluate(s) : line.valueAt(s);
    double most = (1 + rtol) * line.value0() + s * slopeRtol * Math.min(line.slope0(), 0);
    boolean defined = Double.isFinite(f) && !(storeGrad && Double.isNaN(line.slope()));
    double error = Math.max(f - most, 0);
    return !defined || Double.isNaN(error) ? Double.POSITIVE_INFINITY : error;
  }
}
