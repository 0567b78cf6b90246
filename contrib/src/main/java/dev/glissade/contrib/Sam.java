package dev.glissade.contrib;

import dev.glissade.Extras;
import dev.glissade.GradientFunction;
import dev.glissade.GradientTransformation;
import dev.glissade.Scalar;
import dev.glissade.Step;
import dev.glissade.Tree;
import dev.glissade.combine.Wrapped;
import dev.glissade.records.Check;
import dev.glissade.records.Records;
import dev.glissade.schedule.ScheduleState;
import dev.glissade.withers.Withers;
import org.jspecify.annotations.Nullable;

/**
 * Sharpness-aware minimization: Foret et al., "Sharpness-Aware Minimization for Efficiently
 * Improving Generalization", 2021 (arXiv 2010.01412). An adversary climbs for syncPeriod - 1 steps;
 * then the outer optimizer takes one step from where the climb began, with the gradient from where
 * it ended. The paper's method is an adversary of {@code chain(normalize(), sgd(rho))} and period
 * 2.
 *
 * <p>Transparent mode: each step is one climb or one descent, so training goes through the climbed
 * parameters. Opaque mode: each step is a whole cycle, with a gradient function (params, i) as
 * extra argument, called syncPeriod - 1 times; for models with side effects, such as batch
 * statistics.
 *
 * <p>Where it differs from the original: with syncPeriod 1 it is the outer optimizer; only the
 * branch taken is computed; extra arguments reach both optimizers; and when the adversary's state
 * is reset, schedules in it (of rho, say) go on, counting outer steps.
 *
 * @param optimizer the outer one
 * @param advOptimizer the adversary, which is run backwards
 * @param syncPeriod steps of a cycle, at least 1
 * @param resetState whether the adversary starts afresh each cycle
 * @param opaqueMode whether a step is a whole cycle
 * @param batchAxisName in opaque mode, the name of the extra argument that is the {@link BatchAxis}
 *     over which the function's gradients are averaged; null for none
 */
@Withers
public record Sam(
    GradientTransformation<?> optimizer,
    GradientTransformation<?> advOptimizer,
    int syncPeriod,
    boolean resetState,
    boolean opaqueMode,
    @Nullable String batchAxisName)
    implements GradientTransformation<Sam.SAMState>, SamWithers {

  /**
   * Where the cycle is, and both optimizers' states.
   *
   * @param stepsSinceSync climbing steps since the last outer step
   * @param cache the parameters at the start of the cycle; null in opaque mode
   */
  public record SAMState(
      Scalar stepsSinceSync, Object optState, Object advState, @Nullable Tree cache) {}

  public Sam {
    Check.atLeast("syncPeriod", 1, syncPeriod);
    if (optimizer.perExample() || advOptimizer.perExample()) {
      throw new IllegalArgumentException("sam takes mean gradients, not per-example ones");
    }
  }

  /** Returns SAM in transparent mode with period 2 that resets the adversary. */
  public static Sam of(
      GradientTransformation<?> optimizer, GradientTransformation<?> advOptimizer) {
    return new Sam(optimizer, advOptimizer, 2, true, false, null);
  }

  @Override
  public SAMState initialState(Tree x) {
    return new SAMState(
        Scalar.of(0),
        Wrapped.initialState(optimizer, x),
        Wrapped.initialState(advOptimizer, x),
        opaqueMode ? null : x);
  }

  @Override
  public Step<SAMState> step(Tree g, SAMState state, Tree x, Extras extras) {
    return opaqueMode ? cycle(g, state, x, extras) : transparent(g, state, x, extras);
  }

  private Step<SAMState> transparent(Tree g, SAMState state, Tree x, Extras extras) {
    Scalar k = state.stepsSinceSync();
    Tree cache = k.equalTo(0).choose(x, cache(state));
    if (syncPeriod == 1) {
      Step<Object> outer = Wrapped.step(optimizer, g, state.optState(), x, extras);
      return Step.of(outer.updates(), new SAMState(k, outer.state(), state.advState(), x));
    }
    // climb: u = -adversary(g)
    Step<Object> adv = Wrapped.step(advOptimizer, g, state.advState(), x, extras);
    Object climbing = held(adv.state(), state.advState());
    Step<SAMState> climb =
        Step.of(adv.updates().negate(), new SAMState(k.plus(1), state.optState(), climbing, cache));
    // descent: u = cache - x + outer(g at cache)
    Tree start = cache(state);
    Step<Object> outer = Wrapped.step(optimizer, g, state.optState(), start, extras);
    Object rested = rested(state.advState(), x);
    Step<SAMState> descent =
        Step.of(
            start.minus(x).plus(outer.updates()),
            new SAMState(Scalar.of(0), outer.state(), rested, start));
    return k.equalTo(syncPeriod - 1).choose(descent, climb);
  }

  private Step<SAMState> cycle(Tree updates, SAMState state, Tree x, Extras extras) {
    GradientFunction gradients = syncPeriod == 1 ? (p, i) -> p : extras.gradientFunction();
    Tree p = x;
    Tree g = updates;
    Object climbing = state.advState();
    for (int i = 0; i < syncPeriod - 1; i++) {
      Step<Object> adv = Wrapped.step(advOptimizer, g, climbing, p, extras);
      climbing = held(adv.state(), climbing);
      // p <- p - adversary(g);  g <- gradients at p
      p = p.minus(adv.updates()).as(x.structure());
      g = gradientsAt(p, i, gradients, extras);
    }
    Step<Object> outer = Wrapped.step(optimizer, g, state.optState(), x, extras);
    Object rested = syncPeriod == 1 ? climbing : rested(climbing, x);
    return Step.of(outer.updates(), new SAMState(Scalar.of(0), outer.state(), rested, null));
  }

  private Tree gradientsAt(Tree p, int i, GradientFunction gradients, Extras extras) {
    if (batchAxisName == null) {
      return p.callback(at -> gradients.gradients(at, i), p.structure().computed());
    }
    BatchAxis axis = extras.get(batchAxisName, BatchAxis.class);
    return p.callback(at -> axis.mean(gradients.gradients(at, i)), p.structure().computed());
  }

  /** With resetState, an adversary's schedules count outer steps: they wait while it climbs. */
  private Object held(Object next, Object before) {
    return resetState
        ? Records.graft(next, before, ScheduleState.class, (now, old) -> old.keptIn(now, false))
        : next;
  }

  private Object rested(Object before, Tree x) {
    if (!resetState) {
      return before;
    }
    Object fresh = Wrapped.initialState(advOptimizer, x);
    return Records.graft(fresh, before, ScheduleState.class, (now, old) -> old.keptIn(now, true));
  }

  private static Tree cache(SAMState state) {
    Tree cache = state.cache();
    if (cache == null) {
      throw new IllegalArgumentException("the state is of sam in opaque mode: it has no cache");
    }
    return cache;
  }
}
