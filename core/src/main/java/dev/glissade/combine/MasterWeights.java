package dev.glissade.combine;

import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.Step;
import dev.glissade.Tree;
import dev.glissade.ValueAndGradients;
import dev.glissade.withers.Withers;

/**
 * Runs an optimizer on a float32 copy of 16-bit parameters, which are then the rounded values of
 * the copy, so that steps smaller than the rounding add up (Micikevicius et al., "Mixed Precision
 * Training", 2018, arXiv 1710.03740):
 *
 * <pre>{@code
 * master <- master + inner(g, master)        u = master - x
 * }</pre>
 *
 * <p>Prodigy and Mechanic need it in 16 bits: their first steps, of the size of their first
 * estimate, would all be rounded away. For float32 parameters it only costs memory.
 *
 * <p>If other code changes the parameters between two steps, the next step sets them back to the
 * copy. Optax has no counterpart.
 *
 * @param inner the optimizer of the float32 copy
 */
@Withers
public record MasterWeights(GradientTransformation<?> inner)
    implements GradientTransformation<MasterWeights.MasterWeightsState>, MasterWeightsWithers {

  /**
   * The state of {@link MasterWeights}.
   *
   * @param innerState the optimizer's state
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
    boolean rounds = !master.structure().equals(params.structure());
    Extras known =
        rounds && extras.has("value_fn") ? extras.withLossFunction(MasterWeights::refused) : extras;
    Step<Object> step = Wrapped.step(inner, updates, state.innerState(), master, known);
    Tree next = master.plus(step.updates());
    return Step.of(next.minus(params), new MasterWeightsState(step.state(), next));
  }

  /** The loss before the step is that of the rounded parameters, which a search may not compare. */
  private static ValueAndGradients refused(Tree params, int i) {
    throw new IllegalArgumentException(
        "the optimizer of masterWeights must not search along a line for 16-bit params, whose loss"
            + " is not that of their float32 copy: use float32 params");
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // the parameters are the rounded copy
  public Tree evalParams(MasterWeightsState state, Tree params) {
    Tree at = Wrapped.evalParams(inner, state.innerState(), state.master());
    return at == state.master() ? params : at.as(params.structure());
  }

  @Override
  public boolean perExample() {
    return inner.perExample();
  }
}
