package dev.glissade.combine;

import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.Scalar;
import dev.glissade.Step;
import dev.glissade.Tree;
import dev.glissade.records.Check;
import dev.glissade.withers.Withers;

/**
 * Skips a step (updates 0, the inner state as it was) whose gradients hold a NaN or an infinity,
 * unless more than {@code maxConsecutiveErrors} such steps came in a row: then it goes through.
 *
 * @param inner the transformation whose steps may be skipped
 * @param maxConsecutiveErrors how many steps in a row may be skipped
 */
@Withers
public record ApplyIfFinite(GradientTransformation<?> inner, int maxConsecutiveErrors)
    implements GradientTransformation<ApplyIfFinite.ApplyIfFiniteState>, ApplyIfFiniteWithers {

  /**
   * The counts, and the inner state.
   *
   * @param notfiniteCount how many steps in a row, up to the last one, were not finite
   * @param lastFinite 1 if the last step was finite, else 0
   * @param totalNotfinite how many steps in all were not finite
   */
  public record ApplyIfFiniteState(
      Scalar notfiniteCount, Scalar lastFinite, Scalar totalNotfinite, Object innerState) {}

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
  public boolean perExample() {
    return inner.perExample();
  }
}
