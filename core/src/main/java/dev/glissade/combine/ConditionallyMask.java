package dev.glissade.combine;

import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.Scalar;
import dev.glissade.Step;
import dev.glissade.Tree;
import dev.glissade.withers.Withers;

/**
 * Applies the inner transformation in those steps in which a condition holds. In other steps the
 * updates are 0, and the inner state stays as it is; {@link ConditionallyTransform} passes the
 * updates unchanged there instead.
 *
 * <p>A step in which the transformation is off is a choice, not a product with 0: it computes
 * nothing of the inner transformation, and an infinite or NaN gradient does not reach the updates.
 * Differs from Optax in that extra arguments always reach the condition, without {@code
 * forward_extra_args}.
 *
 * @param inner the transformation that acts in some steps
 * @param shouldTransformFn whether it acts, from the number of all steps taken before
 */
@Withers
public record ConditionallyMask(GradientTransformation<?> inner, StepCondition shouldTransformFn)
    implements GradientTransformation<ConditionallyMask.ConditionallyMaskState>,
        ConditionallyMaskWithers {

  /**
   * The state of {@link ConditionallyMask}.
   *
   * @param step the number of all steps taken
   * @param innerState the inner state, after the last step in which the condition held
   */
  public record ConditionallyMaskState(Scalar step, Object innerState) {}

  @Override
  public ConditionallyMaskState initialState(Tree params) {
    return new ConditionallyMaskState(Scalar.of(0), Wrapped.initialState(inner, params));
  }

  @Override
  public Step<ConditionallyMaskState> step(
      Tree updates, ConditionallyMaskState state, Tree params, Extras extras) {
    Scalar on = shouldTransformFn.test(state.step(), extras);
    Step<Object> step = Wrapped.step(inner, updates, state.innerState(), params, extras);
    Step<Object> off = Step.of(step.updates().zeros(), state.innerState());
    Step<Object> chosen = on.choose(step, off);
    return Step.of(
        chosen.updates(), new ConditionallyMaskState(state.step().plus(1), chosen.state()));
  }

  @Override
  public Tree evalParams(ConditionallyMaskState state, Tree params) {
    return Wrapped.evalParams(inner, state.innerState(), params);
  }

  @Override
  public boolean perExample() {
    return inner.perExample();
  }
}
