package dev.glissade.combine;

import dev.glissade.DType;
import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.Scalar;
import dev.glissade.Schedule;
import dev.glissade.Stateless.EmptyState;
import dev.glissade.Step;
import dev.glissade.Tree;
import dev.glissade.combine.ShouldSkipUpdateFunction.SkipDecision;
import dev.glissade.withers.Withers;
import org.jspecify.annotations.Nullable;

/**
 * Accumulates the gradients of k steps and passes their mean (or sum) to the inner transformation
 * in every k-th step; in between updates are 0. So k small batches act as one large one that would
 * not fit into memory:
 *
 * <pre>{@code
 * acc <- acc + (g - acc) / (n + 1)        n gradients accumulated before this step
 * }</pre>
 *
 * <p>Put clipping inside of it to clip the mean, outside to clip each gradient. The inner
 * transformation counts its own steps, so its schedules advance once every k steps.
 *
 * <p>A gradient that {@code shouldSkipUpdateFn} leaves out changes nothing but {@code skipState},
 * and does not count. To leave out those that are not finite: {@code multiSteps(opt,
 * 8).shouldSkipUpdateFn(new SkipNotFinite())}.
 *
 * <p>Differs from Optax in that a step in between is a choice, not a product with 0: it does not
 * compute the inner transformation, and a NaN gradient does not reach the updates before the k-th
 * step. Without an {@code accumulatorDtype} gradients are accumulated in the type in which they are
 * computed: float64 in float64, 16-bit ones in float32. With one, each step widens the accumulated
 * gradients, computes, and rounds once, where Optax rounds twice.
 *
 * @param opt the transformation that takes the accumulated gradients
 * @param everyKSchedule k, a whole number of at least 1, as a function of the number of inner steps
 *     taken
 * @param useGradMean whether to pass on the mean rather than the sum
 * @param shouldSkipUpdateFn decides which gradients to leave out; null for none
 * @param accumulatorDtype the real type in which accumulated gradients are kept; null for the type
 *     in which they are computed
 */
@Withers
public record MultiSteps(
    GradientTransformation<?> opt,
    Schedule everyKSchedule,
    boolean useGradMean,
    @Nullable ShouldSkipUpdateFunction shouldSkipUpdateFn,
    @Nullable DType accumulatorDtype)
    implements GradientTransformation<MultiSteps.MultiStepsState>, MultiStepsWithers {

  /**
   * The state of {@link MultiSteps}.
   *
   * @param miniStep the number of gradients accumulated since the last inner step
   * @param gradientStep the number of inner steps taken
   * @param innerOptState the inner state
   * @param accGrads the mean, or the sum, of the accumulated gradients
   * @param skipState what {@code shouldSkipUpdateFn} showed of its last decision; empty without one
   */
  public record MultiStepsState(
      Scalar miniStep,
      Scalar gradientStep,
      Object innerOptState,
      Tree accGrads,
      Object skipState) {}

  /**
   * Checks the arguments.
   *
   * @param opt a transformation of mean gradients
   * @param everyKSchedule must give a whole number of at least 1 at count 0
   * @param useGradMean true or false
   * @param shouldSkipUpdateFn any function, or null
   * @param accumulatorDtype a real type, or null
   * @throws IllegalArgumentException if opt takes per-example gradients, since it would add noise
   *     to each part of a batch; or if another argument breaks its rule
   */
  public MultiSteps {
    double k = everyKSchedule.at(0);
    if (!(k >= 1) || k != Math.rint(k)) {
      throw new IllegalArgumentException(
          "everyKSchedule must give whole numbers of at least 1, but gave " + k);
    }
    if (accumulatorDtype != null && accumulatorDtype.isComplex()) {
      throw new IllegalArgumentException(
          "accumulatorDtype must be a real type, but was " + accumulatorDtype);
    }
    Wrapped.requireMeanGradients(
        "opt", opt, "pass those of the whole batch in one step, so that noise is added once");
  }

  /**
   * Returns a transformation that passes on the mean, leaves out no gradient, and accumulates in
   * the type of the arithmetic.
   *
   * @param opt the transformation that takes the accumulated gradients
   * @param everyKSchedule k as a function of the number of inner steps taken
   * @return the transformation
   * @throws IllegalArgumentException as the constructor
   */
  public static MultiSteps of(GradientTransformation<?> opt, Schedule everyKSchedule) {
    return new MultiSteps(opt, everyKSchedule, true, null, null);
  }

  @Override
  public MultiStepsState initialState(Tree params) {
    Tree zeros = params.zeros();
    return new MultiStepsState(
        Scalar.of(0),
        Scalar.of(0),
        Wrapped.initialState(opt, params),
        kept(zeros),
        decided(zeros, Scalar.of(0), params).skipState());
  }

  @Override
  public Step<MultiStepsState> step(
      Tree updates, MultiStepsState state, Tree params, Extras extras) {
    Scalar n = state.miniStep();
    Scalar taken = state.gradientStep();
    SkipDecision decision = decided(updates, taken, params);
    Object shown = decision.skipState();
    Tree acc = state.accGrads().as(updates.structure().computed());
    Tree accumulated = accumulated(updates, acc, n);

    Step<Object> step = Wrapped.step(opt, accumulated, state.innerOptState(), params, extras);
    Tree nothing = step.updates().zeros();
    MultiStepsState emitted =
        new MultiStepsState(
            Scalar.of(0), taken.plus(1), step.state(), kept(accumulated.zeros()), shown);
    MultiStepsState accumulating =
        new MultiStepsState(n.plus(1), taken, state.innerOptState(), kept(accumulated), shown);

    Scalar emits = n.plus(1).lessThan(everyKSchedule.at(taken)).not();
    Step<MultiStepsState> next =
        emits.choose(Step.of(step.updates(), emitted), Step.of(nothing, accumulating));
    MultiStepsState skipped =
        new MultiStepsState(n, taken, state.innerOptState(), state.accGrads(), shown);
    return shouldSkipUpdateFn == null
        ? next
        : decision.shouldSkip().choose(Step.of(nothing, skipped), next);
  }

  private SkipDecision decided(Tree updates, Scalar gradientStep, Tree params) {
    return shouldSkipUpdateFn == null
        ? new SkipDecision(Scalar.of(0), new EmptyState())
        : shouldSkipUpdateFn.test(updates, gradientStep, params);
  }

  /** Returns accumulated gradients in the type in which they are kept. */
  private Tree kept(Tree accumulated) {
    return accumulatorDtype == null ? accumulated : accumulated.as(accumulatorDtype);
  }

  @Override
  public Tree evalParams(MultiStepsState state, Tree params) {
    return Wrapped.evalParams(opt, state.innerOptState(), params);
  }

  /**
   * Returns acc + (g / (n + 1) - acc / (n + 1)), which cannot overflow where g - acc can; or acc +
   * g.
   */
  private Tree accumulated(Tree g, Tree acc, Scalar n) {
    Scalar share = Scalar.of(1).dividedBy(n.plus(1));
    return useGradMean ? acc.plus(g.times(share).minus(acc.times(share))) : acc.plus(g);
  }
}
