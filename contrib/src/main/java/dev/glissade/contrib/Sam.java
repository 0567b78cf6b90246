package dev.glissade.contrib;

import dev.glissade.Extras;
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
 * SAM, sharpness-aware minimization: descends by the gradient at the worst point nearby, which
 * leads to flat minima that often generalize better (Foret et al., "Sharpness-Aware Minimization
 * for Efficiently Improving Generalization", 2021, arXiv 2010.01412).
 *
 * <p>In each cycle an adversary climbs for syncPeriod - 1 steps. Then the outer optimizer takes one
 * step from where the climb began, with the gradient from where it ended. The paper's method climbs
 * once, by rho along the normalized gradient:
 *
 * <pre>{@code
 * double rho = 0.05;
 * var adversary = Transforms.chain(Contrib.normalize(), Optimizers.sgd(rho));
 * Sam sam = Contrib.sam(Optimizers.sgd(0.1), adversary);
 * }</pre>
 *
 * <p>SAM costs syncPeriod gradients for each outer step. Use it where a model overfits or labels
 * are noisy, and time allows.
 *
 * <p><b>Transparent mode</b>, the default, needs no change to the training loop: each step is one
 * climb or one descent. So the parameters seen between steps may be climbed ones, schedules of the
 * outer optimizer advance once a cycle, and each gradient of a cycle may come from another batch.
 * Evaluate and export {@code stepper.evalParams()}, which are those at the start of a cycle.
 *
 * <p><b>Opaque mode</b> makes each step a whole cycle. The loop passes the gradient at the
 * parameters, and a function that computes the gradient elsewhere, which is called syncPeriod - 1
 * times:
 *
 * <pre>{@code
 * Stepper<?> stepper = Stepper.of(sam.opaqueMode(true), params);
 * stepper.step(
 *     gradients(stepper.params(), batch),
 *     Extras.NONE.withGradientFunction((at, i) -> gradients(at, batch)));
 * }</pre>
 *
 * <p>It is necessary if a step of the loop has side effects on the model, such as the running
 * statistics of batch normalization, which transparent climbs would distort.
 *
 * <p>Differs from Optax as follows. With syncPeriod 1 it is the outer optimizer. Only the branch
 * taken is computed, so an infinity in the other one does no harm. Extra arguments reach both
 * optimizers. With resetState, schedules in the adversary (of rho, say) continue and count outer
 * steps, where Optax resets them.
 *
 * @param optimizer the outer optimizer, which you would use without SAM, with the same learning
 *     rate
 * @param advOptimizer the adversary, usually {@code chain(normalize(), sgd(rho))}. It is an
 *     ordinary optimizer; SAM flips the sign of its updates. rho is the one number to tune: try
 *     0.05, and 0.01 to 0.2
 * @param syncPeriod the number of gradients in a cycle, at least 1. 2 is the paper's method; more
 *     climb further, at more cost
 * @param resetState whether the adversary starts each cycle with a new state. Leave it true unless
 *     the adversary's momentum should outlast a cycle
 * @param opaqueMode whether a step is a whole cycle, with a gradient function among the extra
 *     arguments
 * @param batchAxisName in opaque mode, the name of the extra argument that is the {@link BatchAxis}
 *     over which the function's gradients are averaged, if several replicas each hold a part of the
 *     batch; null for no averaging. The gradients passed to the step must be averaged by the caller
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
   * The state of {@link Sam}.
   *
   * @param stepsSinceSync the number of climbing steps since the last outer step
   * @param optState the outer optimizer's state
   * @param advState the adversary's state
   * @param cache the parameters at the start of the cycle; null in opaque mode
   */
  public record SAMState(
      Scalar stepsSinceSync, Object optState, Object advState, @Nullable Tree cache) {}

  /**
   * Checks the arguments.
   *
   * @param optimizer an optimizer of mean gradients
   * @param advOptimizer an optimizer of mean gradients
   * @param syncPeriod at least 1
   * @param resetState true or false
   * @param opaqueMode true or false
   * @param batchAxisName any name, or null
   * @throws IllegalArgumentException if an argument breaks its rule
   */
  public Sam {
    Check.atLeast("syncPeriod", 1, syncPeriod);
    Wrapped.requireMeanGradients("optimizer", optimizer, "aggregate them before sam");
    Wrapped.requireMeanGradients("advOptimizer", advOptimizer, "aggregate them before sam");
  }

  /**
   * Returns SAM in transparent mode with syncPeriod = 2, resetState = true and no batch axis.
   *
   * @param optimizer the outer optimizer
   * @param advOptimizer the adversary
   * @return the optimizer
   * @throws IllegalArgumentException if one of them takes per-example gradients
   */
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
    Object climbing = afterClimb(adv.state(), state.advState());
    Step<SAMState> climb =
        Step.of(adv.updates().negate(), new SAMState(k.plus(1), state.optState(), climbing, cache));
    // descent: u = cache - x + outer(g at cache)
    Tree start = cache(state);
    Step<Object> outer = Wrapped.step(optimizer, g, state.optState(), start, extras);
    Object synced = afterSync(state.advState(), x);
    Step<SAMState> descent =
        Step.of(
            start.minus(x).plus(outer.updates()),
            new SAMState(Scalar.of(0), outer.state(), synced, start));
    return k.equalTo(syncPeriod - 1).choose(descent, climb);
  }

  /**
   * Returns the parameters to evaluate of the outer optimizer, at the start of the cycle: never a
   * climbed point.
   */
  @Override
  public Tree evalParams(SAMState state, Tree params) {
    boolean climbs = !opaqueMode && syncPeriod > 1;
    Tree start = climbs ? state.stepsSinceSync().equalTo(0).choose(params, cache(state)) : params;
    return Wrapped.evalParams(optimizer, state.optState(), start);
  }

  private Step<SAMState> cycle(Tree updates, SAMState state, Tree x, Extras extras) {
    Tree p = x;
    Tree g = updates;
    Object climbing = state.advState();
    for (int i = 0; i < syncPeriod - 1; i++) {
      Step<Object> adv = Wrapped.step(advOptimizer, g, climbing, p, extras);
      climbing = afterClimb(adv.state(), climbing);
      // p <- p - adversary(g);  g <- gradients at p
      p = p.minus(adv.updates()).as(x.structure());
      g = gradientsAt(p, i, extras);
    }
    Step<Object> outer = Wrapped.step(optimizer, g, state.optState(), x, extras);
    Object synced = syncPeriod == 1 ? climbing : afterSync(climbing, x);
    return Step.of(outer.updates(), new SAMState(Scalar.of(0), outer.state(), synced, null));
  }

  private Tree gradientsAt(Tree p, int i, Extras extras) {
    return batchAxisName == null
        ? extras.gradientsAt(p, i)
        : extras.gradientsAt(p, i, extras.get(batchAxisName, BatchAxis.class)::mean);
  }

  /**
   * Returns the adversary's next state. With resetState its schedules count outer steps, so they
   * keep their count while it climbs.
   */
  private Object afterClimb(Object next, Object before) {
    return resetState
        ? Records.graft(next, before, ScheduleState.class, (now, old) -> old.keptIn(now, false))
        : next;
  }

  /** Returns the adversary's state after an outer step: new, but with schedules that continue. */
  private Object afterSync(Object before, Tree x) {
    if (!resetState) {
      return before;
    }
    Object fresh = Wrapped.initialState(advOptimizer, x);
    return Records.graft(fresh, before, ScheduleState.class, (now, old) -> old.keptIn(now, true));
  }

  private static Tree cache(SAMState state) {
    Tree cache = state.cache();
    if (cache == null) {
      throw new IllegalArgumentException(
          "the state must be of sam in transparent mode, but was of opaque mode, without a cache");
    }
    return cache;
  }
}
