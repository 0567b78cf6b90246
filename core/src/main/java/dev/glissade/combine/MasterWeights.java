package dev.glissade.combine;

import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.Step;
import dev.glissade.Tree;
import dev.glissade.withers.Withers;

/**
 * Lets an optimizer work on a copy of 16-bit parameters in float32, of which the parameters are the
 * rounded values, so that steps smaller than their rounding add up (Micikevicius et al. 2018).
 * Prodigy and Mechanic need it in 16 bits: their first steps, of the size of their first estimate,
 * would all be rounded away.
 *
 * <p>Parameters that somebody else changes between two steps go back to the copy.
 *
 * @param inner the optimizer of the float32 copy
 */
@Withers
public record MasterWeights(GradientTransformation<?> inner)
    implements GradientTransformation<MasterWeights.MasterWeightsState>, MasterWeightsWithers {

  /**
   * The copy, and the inner state.
   *
   * @param master the parameters in float32
   */
  public record MasterWeightsState(Object innerState, Tree master) {}

  @Override
  public MasterWeightsState initialState(Tree params) {
    Tree master = params.as(params.structure().computed());
    return new MasterWeightsState(Wrapped.initialState(inner, master), master);
  }

  @Override
  public Step<MasterWeightsState> step(
      Tree updates, MasterWeightsState state, Tree params, Extras extras) {
    Tree master = state.master();
    Step<Object> step = Wrapped.step(inner, updates, state.innerState(), master, extras);
    Tree next = master.plus(step.updates());
    return Step.of(next.minus(params), new MasterWeightsState(step.state(), next));
  }

  @Override
  public boolean perExample() {
    return inner.perExample();
  }
}
