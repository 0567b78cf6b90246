package dev.glissade.combine;

import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.Scalar;
import dev.glissade.Step;
import dev.glissade.Tree;
import dev.glissade.records.Check;
import dev.glissade.withers.Withers;

/**
 * Skips a step whose gradients hold a NaN or an infinity: updates are 0 and the inner state stays
 * as it was. After {@code maxConsecutiveErrors} skipped steps in a row the next one goes through,
 * finite or not.
 *
 * <p>The counts are in the state and show whether steps were skipped; nothing is logged. To stop
 * with an error, or to skip for ever, use {@code Stepper.nonFinite}. Unlike in Optax the branch not
 * taken is not computed.
 *
 * @param inner the transformation whose steps may be skipped
 * @param maxConsecutiveErrors the largest number of steps in a row to skip, not negative
 */
@Withers
public record ApplyIfFinite(GradientTransformation<?> inner, int maxConsecutiveErrors)
    implements GradientTransformation<ApplyIfFinite.ApplyIfFiniteState>, ApplyIfFiniteWithers {

  /**
   * The state of {@link ApplyIfFinite}.
   *
   * @param notfiniteCount the number of steps in a row, up to the last one, that were not finite
   * @param lastFinite 1 if the last step was finite, else 0
   * @param totalNotfinite the number of all steps that were not finite
   * @param innerState the inner state, after the last step that was not skipped
   */
  public record ApplyIfFiniteState(
      Scalar notfiniteCount, Scalar lastFinite, Scalar totalNotfinite, Object innerState) {}

  /**
   * Checks the arguments.
   *
   * @param inner any transformation
   * @param maxConsecutiveErrors at least 0
   * @throws IllegalArgumentException if maxConsecutiveErrors is negative
   */
  public ApplyIfFinite {
    Check.atLeast("maxConsecutiveErrors", 0, maxConsecutiveErrors);
  }

  @Override
  public ApplyIfFiniteState initialState(Tree params) {
    return new ApplyIfFiniteState(
        Scalar.of(0), Scalar.of(1), Scalar.of(0), Wrapped.initialState(inner, params));
  }

  @Override
  public Step<ApplyIfFiniteState> step(
      Tree updates, ApplyIfFiniteState state, Tree params, Extras extras) {
    Scalar finite = updates.nonFinite().equalTo(0);
    Scalar inARow = finite.choose(Scalar.of(0), state.notfiniteCount().plus(1));
    Scalar total = finite.choose(state.totalNotfinite(), state.totalNotfinite().plus(1));
    Scalar taken = finite.or(inARow.greaterThan(maxConsecutiveErrors));
    Step<Object> step = Wrapped.step(inner, updates, state.innerState(), params, extras);
    Step<Object> skipped = Step.of(step.updates().zeros(), state.innerState());
    Step<Object> chosen = taken.choose(step, skipped);
    return Step.of(chosen.updates(), new ApplyIfFiniteState(inARow, finite, total, chosen.state()));
  }

  @Override
  public Tree evalParams(ApplyIfFiniteState state, Tree params) {
    return Wrapped.evalParams(inner, state.innerState(), params);
  }

  @Override
  public boolean perExample() {
    return inner.perExample();
  }
}
