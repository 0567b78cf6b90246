package dev.glissade.combine;

import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.Scalar;
import dev.glissade.Step;
import dev.glissade.Tree;
import dev.glissade.withers.Withers;

/**
 * Applies the inner transformation in those steps in which a condition holds. In other steps the
 * updates pass unchanged, and the inner state stays as it is; {@link ConditionallyMask} returns 0
 * there instead.
 *
 * <p>Nothing of the inner transformation is computed in a step in which it is off. Differs from
 * Optax in that extra arguments always reach the condition, without {@code forward_extra_args}.
 *
 * @param inner the transformation that acts in some steps
 * @param shouldTransformFn whether it acts, from the number of all steps taken before
 */
@Withers
public record ConditionallyTransform(
    GradientTransformation<?> inner, StepCondition shouldTransformFn)
    implements GradientTransformation<ConditionallyTransform.ConditionallyTransformState>,
        ConditionallyTransformWithers {

  /**
   * The state of {@link ConditionallyTransform}.
   *
   * @param innerState the inner state, after the last step in which the condition held
   * @param step the number of all steps taken
   */
  public record ConditionallyTransformState(Object innerState, Scalar step) {}

  /**
   * Checks the inner transformation.
   *
   * @param inner a transformation of mean gradients
   * @param shouldTransformFn not null
   * @throws IllegalArgumentException if inner takes per-example gradients, which can't pass
   *     unchanged
   */
  public ConditionallyTransform {
    Wrapped.requireMeanGradients(
        "inner", inner, "aggregate them before conditionallyTransform, or use conditionallyMask");
  }

  @Override
  public ConditionallyTransformState initialState(Tree params) {
    return new ConditionallyTransformState(Wrapped.initialState(inner, params), Scalar.of(0));
  }

  @Override
  public Step<ConditionallyTransformState> step(
      Tree updates, ConditionallyTransformState state, Tree params, Extras extras) {
    Scalar on = shouldTransformFn.test(state.step(), extras);
    Step<Object> step = Wrapped.step(inner, updates, state.innerState(), params, extras);
    Step<Object> chosen = on.choose(step, Step.of(updates, state.innerState()));
    return Step.of(
        chosen.updates(), new ConditionallyTransformState(chosen.state(), state.step().plus(1)));
  }

  @Override
  public Tree evalParams(ConditionallyTransformState state, Tree params) {
    return Wrapped.evalParams(inner, state.innerState(), params);
  }
}
