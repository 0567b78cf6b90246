package dev.glissade.combine;

import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.Scalar;
import dev.glissade.Schedule;
import dev.glissade.Step;
import dev.glissade.Tree;
import dev.glissade.withers.Withers;

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
 * <p>Differs from Optax in that a step in between is a choice, not a product with 0: it does not
 * compute the inner transformation, and a NaN gradient does not reach the updates before the k-th
 * step. Optax's {@code should_skip_update_fn} is missing; {@code Stepper.nonFinite} skips steps.
 *
 * @param opt the transformation that takes the accumulated gradients
 * @param everyKSchedule k, a whole number of at least 1, as a function of the number of inner steps
 *     taken
 * @param useGradMean whether to pass on the mean rather than the sum
 */
@Withers
public record MultiSteps(
    GradientTransformation<?> opt, Schedule everyKSchedule, boolean useGradMean)
    implements GradientTransformation<MultiSteps.MultiStepsState>, MultiStepsWithers {

  /**
   * The state of {@link MultiSteps}.
   *
   * @param miniStep the number of gradients accumulated since the last inner step
   * @param gradientStep the number of inner steps taken
   * @param innerOptState the inner state
   * @param accGrads the mean, or the sum, of the accumulated gradients
   */
  public record MultiStepsState(
      Scalar miniStep, Scalar gradientStep, Object innerOptState, Tree accGrads) {}

  /**
   * Checks the arguments.
   *
   * @param opt a transformation of mean gradients
   * @param everyKSchedule must give a whole number of at least 1 at count 0
   * @param useGradMean true or false
   * @throws IllegalArgumentException if opt takes per-example gradients, since it would add noise
   *     to each part of a batch; or if everyKSchedule breaks its rule
   */
  public MultiSteps {
    double k = everyKSchedule.at(0);
    if (!(k >= 1) || k != Math.rint(k)) {
      throw new IllegalArgumentException(
          "everyKSchedule must give whole numbers of at least 1, but gave " + k);
    }
    Wrapped.requireMeanGradients(
        "opt", opt, "pass those of the whole batch in one step, so that noise is added once");
  }

  /**
   * Returns a transformation that passes on the mean.
   *
   * @param opt the transformation that takes the accumulated gradients
   * @param everyKSchedule k as a function of the number of inner steps taken
   * @return the transformation
   * @throws IllegalArgumentException as the constructor
   */
  public static MultiSteps of(GradientTransformation<?> opt, Schedule everyKSchedule) {
    return new MultiSteps(opt, everyKSchedule, true);
  }

  @Override
  public MultiStepsState initialState(Tree params) {
    return new MultiStepsState(
        Scalar.of(0), Scalar.of(0), Wrapped.initialState(opt, params), params.zeros());
  }

  @Override
  public Step<MultiStepsState> step(
      Tree updates, MultiStepsState state, Tree params, Extras extras) {
    Scalar n = state.miniStep();
    Tree accumulated = accumulated(updates, state.accGrads(), n);

    Step<Object> step = Wrapped.step(opt, accumulated, state.innerOptState(), params, extras);
    MultiStepsState emitted =
        new MultiStepsState(
            Scalar.of(0), state.gradientStep().plus(1), step.state(), accumulated.zeros());
    MultiStepsState accumulating =
        new MultiStepsState(n.plus(1), state.gradientStep(), state.innerOptState(), accumulated);

    Scalar emits = n.plus(1).lessThan(everyKSchedule.at(state.gradientStep())).not();
    return emits.choose(
        Step.of(step.updates(), emitted), Step.of(step.updates().zeros(), accumulating));
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
