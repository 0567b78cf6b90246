package dev.glissade.combine;

import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.Scalar;
import dev.glissade.Schedule;
import dev.glissade.Step;
import dev.glissade.Tree;
import dev.glissade.withers.Withers;

/**
 * Gathers the gradients of k steps and hands their mean (or sum) to the inner transformation; in
 * between updates are 0. The mean is kept as acc + (g - acc) / (n + 1).
 *
 * @param opt the transformation that takes the gathered gradients
 * @param everyKSchedule k, a whole number from 1, as a function of the inner steps taken
 * @param useGradMean whether the mean is handed on, not the sum
 */
@Withers
public record MultiSteps(
    GradientTransformation<?> opt, Schedule everyKSchedule, boolean useGradMean)
    implements GradientTransformation<MultiSteps.MultiStepsState>, MultiStepsWithers {

  /**
   * What is gathered, and the inner state.
   *
   * @param miniStep how many gradients are gathered
   * @param gradientStep how many inner steps were taken
   * @param accGrads the mean or the sum of the gathered gradients
   */
  public record MultiStepsState(
      Scalar miniStep, Scalar gradientStep, Object innerOptState, Tree accGrads) {}

  public MultiSteps {
    double k = everyKSchedule.at(0);
    if (!(k >= 1) || k != Math.rint(k)) {
      throw new IllegalArgumentException(
          "everyKSchedule must give whole numbers from 1, but was " + k);
    }
    if (opt.perExample()) {
      throw new IllegalArgumentException(
          "noise would be drawn for each part of a batch: gather per-example gradients instead");
    }
  }

  /** Returns a transformation that hands on the mean. */
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
    Tree gathered = gathered(updates, state.accGrads(), n);

    Step<Object> step = Wrapped.step(opt, gathered, state.innerOptState(), params, extras);
    MultiStepsState emitted =
        new MultiStepsState(
            Scalar.of(0), state.gradientStep().plus(1), step.state(), gathered.zeros());
    MultiStepsState gathering =
        new MultiStepsState(n.plus(1), state.gradientStep(), state.innerOptState(), gathered);

    Scalar emits = n.plus(1).lessThan(everyKSchedule.at(state.gradientStep())).not();
    return emits.choose(
        Step.of(step.updates(), emitted), Step.of(step.updates().zeros(), gathering));
  }

  /** acc + (g / (n + 1) - acc / (n + 1)), which can't overflow as g - acc can; or acc + g */
  private Tree gathered(Tree g, Tree acc, Scalar n) {
    Scalar share = Scalar.of(1).dividedBy(n.plus(1));
    return useGradMean ? acc.plus(g.times(share).minus(acc.times(share))) : acc.plus(g);
  }
}
