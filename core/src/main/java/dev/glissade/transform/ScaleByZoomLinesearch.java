package dev.glissade.transform;

import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.LineSearch;
import dev.glissade.LossFunction.EvaluatedState;
import dev.glissade.Scalar;
import dev.glissade.Step;
import dev.glissade.Tree;
import dev.glissade.records.Check;
import dev.glissade.withers.Withers;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Scales updates so that they fulfil the strong Wolfe conditions: the loss decreases enough, and
 * its slope has become flat enough (Nocedal and Wright, "Numerical Optimization", algorithms 3.5
 * and 3.6, with the approximate decrease of Hager and Zhang, "Algorithm 851: CG_DESCENT", 2006).
 * With f0 the loss at the parameters, u the updates, d0 = {@code <u, g>} their slope, and f and d
 * those at x + s u:
 *
 * <pre>{@code
 * off = max(f - f0 - slopeRtol s d0, 0), or less: max(d - (2 slopeRtol - 1) d0, f - f0 - approxDecRtol |f0|)
 * bend = max(|d| - curvRtol |d0|, 0)
 * u <- s u with off and bend at most tol
 * }</pre>
 *
 * <p>A search makes s larger until there is such an s between two tries, and then narrows the
 * interval by cubic and quadratic interpolation. It goes at the end of a chain, after the sign of
 * the updates has been turned. The step needs the loss and a function that computes it elsewhere:
 *
 * <pre>{@code
 * stepper.step(gradients, Extras.NONE.withValue(loss).withLossFunction(function));
 * }</pre>
 *
 * <p>A loss that is NaN or infinite counts as too large. If maxLinesearchSteps evaluations do not
 * suffice, it takes the best s that decreased the loss enough. If there is none, or the updates do
 * not point downhill (d0 is not negative), nothing moves, and decreaseError in the info is not 0.
 *
 * <p>Differs from Optax as follows. There, the last try is taken even if it raises the loss. {@link
 * Extras#gradients} are known to the step, so there is no argument {@code grad}. After a search
 * without success the next one starts from the last s that was taken.
 *
 * @param maxLinesearchSteps how often to evaluate the loss, at least 1
 * @param maxLearningRate the largest s, positive; null for none
 * @param tol by how much the conditions may fail, not negative
 * @param increaseFactor what s is multiplied by in the search for an interval, more than 1
 * @param slopeRtol the part of the slope that the loss has to follow, in [0, 1]
 * @param curvRtol the part of the slope that may remain, in [0, 1]
 * @param approxDecRtol by how much the loss may increase near the minimum, as a part of it, where
 *     rounding hides the decrease; not negative. Null for no approximate decrease
 * @param stepsizePrecision the smallest interval in which to search on once a decrease is found
 * @param initialGuessStrategy the first s to try
 */
@Withers
public record ScaleByZoomLinesearch(
    int maxLinesearchSteps,
    @Nullable Double maxLearningRate,
    double tol,
    double increaseFactor,
    double slopeRtol,
    double curvRtol,
    @Nullable Double approxDecRtol,
    double stepsizePrecision,
    InitialGuess initialGuessStrategy)
    implements GradientTransformation<ScaleByZoomLinesearch.ZoomState>,
        ScaleByZoomLinesearchWithers {

  /** The first s of a search. Its text form is in lower case, as in Optax. */
  public enum InitialGuess {
    /** s of the last step: for gradient descent. */
    KEEP,
    /** 1: for methods of Newton's kind, whose updates have the right length. */
    ONE;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * The state of {@link ScaleByZoomLinesearch}.
   *
   * @param learningRate s of the last step that was taken; 1 before the first
   * @param value the loss at the parameters after the step; infinite before the first
   * @param grad the gradients there
   * @param info what the last search did
   */
  public record ZoomState(Scalar learningRate, Scalar value, Tree grad, ZoomInfo info)
      implements EvaluatedState {}

  /**
   * What a search did.
   *
   * @param numLinesearchSteps how often it evaluated the loss
   * @param decreaseError off at the end; infinite if nothing moved, except where d0 is 0
   * @param curvatureError bend at the end
   */
  public record ZoomInfo(Scalar numLinesearchSteps, Scalar decreaseError, Scalar curvatureError) {}

  /**
   * Checks the arguments.
   *
   * @param maxLinesearchSteps at least 1
   * @param maxLearningRate positive, or null
   * @param tol finite and not negative
   * @param increaseFactor finite and more than 1
   * @param slopeRtol in [0, 1]
   * @param curvRtol in [0, 1]
   * @param approxDecRtol finite and not negative, or null
   * @param stepsizePrecision finite and not negative
   * @param initialGuessStrategy any
   * @throws IllegalArgumentException if an argument breaks its rule
   */
  public ScaleByZoomLinesearch {
    Check.atLeast("maxLinesearchSteps", 1, maxLinesearchSteps);
    if (maxLearningRate != null) {
      Check.positive("maxLearningRate", maxLearningRate);
    }
    Check.notNegative("tol", tol);
    Check.that(
        increaseFactor > 1 && increaseFactor < Double.POSITIVE_INFINITY,
        "increaseFactor must be finite and more than 1",
        increaseFactor);
    Check.that(slopeRtol >= 0 && slopeRtol <= 1, "slopeRtol must be in [0, 1]", slopeRtol);
    Check.that(curvRtol >= 0 && curvRtol <= 1, "curvRtol must be in [0, 1]", curvRtol);
    if (approxDecRtol != null) {
      Check.notNegative("approxDecRtol", approxDecRtol);
    }
    Check.notNegative("stepsizePrecision", stepsizePrecision);
  }

  /**
   * Returns the search with no maxLearningRate, tol = 0, increaseFactor = 2, slopeRtol = 1e-4,
   * curvRtol = 0.9, approxDecRtol = 1e-6, stepsizePrecision = 1e-5 and KEEP.
   *
   * @param maxLinesearchSteps how often to evaluate the loss
   * @return the transformation
   */
  public static ScaleByZoomLinesearch of(int maxLinesearchSteps) {
    return new ScaleByZoomLinesearch(
        maxLinesearchSteps, null, 0, 2, 1e-4, 0.9, 1e-6, 1e-5, InitialGuess.KEEP);
  }

  @Override
  public ZoomState initialState(Tree params) {
    Scalar zero = Scalar.of(0);
    return new ZoomState(
        Scalar.of(1),
        Scalar.of(Double.POSITIVE_INFINITY),
        params.zeros(),
        new ZoomInfo(zero, zero, zero));
  }

  @Override
  public Step<ZoomState> step(Tree u, ZoomState state, Tree x, Extras extras) {
    boolean keeps = initialGuessStrategy == InitialGuess.KEEP;
    Scalar guess = keeps ? state.learningRate() : Scalar.of(1);
    LineSearch.Found found = new Zoom(this).along(u, x, guess, true, extras);
    Scalar moves = found.step().greaterThan(0);
    return Step.of(
        moves.choose(u.times(found.step()), u.zeros()),
        new ZoomState(
            moves.choose(found.step(), state.learningRate()),
            found.value(),
            found.gradients(),
            new ZoomInfo(found.evaluations(), found.decreaseError(), found.curvatureError())));
  }
}
