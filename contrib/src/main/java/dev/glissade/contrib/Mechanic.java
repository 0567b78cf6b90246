package dev.glissade.contrib;

import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.Scalar;
import dev.glissade.ScalarVector;
import dev.glissade.Step;
import dev.glissade.Tree;
import dev.glissade.combine.Wrapped;
import dev.glissade.records.Check;
import dev.glissade.withers.Withers;

/**
 * Mechanic: learns the scale of another optimizer's updates, so that its learning rate needs no
 * tuning (Cutkosky, Defazio and Mehta, "Mechanic: A Learning Rate Tuner", 2023, arXiv 2306.00144,
 * Algorithm 1).
 *
 * <p>Give the base optimizer the learning rate 1, or a schedule whose largest value is 1, and wrap
 * it. Mechanic replaces the tuned peak, not the shape of the schedule:
 *
 * <pre>{@code
 * var schedule = Schedules.warmupCosineDecaySchedule(0, 1, 100, 10_000); // was: peak 3e-4, tuned
 * var optimizer = Contrib.mechanize(Optimizers.adamw(schedule));
 * Stepper<?> stepper = Stepper.of(optimizer, params);
 * }</pre>
 *
 * <p>The authors tested it with SGD, momentum, Adam and Lion. It does not fit base optimizers whose
 * updates are normalized per layer, as those of LARS and LAMB are. If you clip gradients, clip in
 * front of it: {@code chain(clipByGlobalNorm(1), mechanize(...))}.
 *
 * <p>With ub the base optimizer's update, x0 the parameters at the first step, S the sum of s over
 * all decays b, and n their number:
 *
 * <pre>{@code
 * D = (x0 - x) / (S + eps)        h = <g + weightDecay S ||g|| / (||x|| + eps) x, D>
 * r <- b r + s clamp(h, -m, m)    m <- max(b m, |h| + eps)    v <- b^2 v + h^2
 * s <- (sInit / n m + max(0, r)) / (sqrt(v) + eps)
 * u = x0 - S_new (D - ub) - x
 * }</pre>
 *
 * <p><b>The first steps are sInit times the base optimizer's.</b> Some parameters round them away:
 * 16-bit ones, and float32 ones of size 20 and more where the base optimizer's steps are of size 1.
 * They then stay where they are, and the scale with them; {@code init} logs a warning. The remedy
 * is {@code masterWeights} around Mechanic in 16 bits, and {@link #relativeSInit} for large
 * parameters.
 *
 * <p>Differs from Optax as follows. A step whose inner product h is not finite leaves the learned
 * scale as it is, where Optax makes it NaN for ever. The learned numbers are doubles whatever the
 * type of the parameters. relativeSInit is an addition.
 *
 * <p>Takes real leaves of any type. It refuses complex ones: wrap the optimizer in {@code
 * splitRealAndImaginary}.
 *
 * @param baseOptimizer the optimizer whose updates to scale, with a learning rate of at most 1. It
 *     must take mean gradients
 * @param weightDecay Mechanic's own regularization, relative to the norms of gradients and
 *     parameters. It is not the base optimizer's weight decay, which you may use as well. It
 *     steadies the learned scale; the default serves most runs, so tune the base optimizer's decay
 *     first
 * @param eps keeps divisors from 0, not negative; no need to tune it
 * @param sInit the first scale, positive. Only its order of magnitude matters, because the scale
 *     grows quickly; too small is safe but for rounding, too large may diverge at once
 * @param numBetas the number of decays to learn with, at least 1: 0.9, 0.99, 0.999 and so on. Each
 *     has a scale of its own and their sum is used, so there is no decay to choose; 6 serves runs
 *     of up to millions of steps
 * @param relativeSInit whether to multiply sInit by 1 + the root mean square of the parameters at
 *     the start, for large parameters
 */
@Withers
public record Mechanic(
    GradientTransformation<?> baseOptimizer,
    double weightDecay,
    double eps,
    double sInit,
    int numBetas,
    boolean relativeSInit)
    implements GradientTransformation<Mechanic.MechanicState>, MechanicWithers {

  /**
   * The state of {@link Mechanic}. The learned scale is the sum of s; a {@link
   * dev.glissade.Stepper} reads the part of the first decay by {@code scalar("s/0")}.
   *
   * @param baseOptimizerState the base optimizer's state
   * @param count the number of steps taken
   * @param r the reward, one for each decay
   * @param m the largest inner product, one for each decay
   * @param v the sum of squared inner products, one for each decay
   * @param s the scale, one for each decay
   * @param x0 the parameters at the first step
   */
  public record MechanicState(
      Object baseOptimizerState,
      Scalar count,
      ScalarVector r,
      ScalarVector m,
      ScalarVector v,
      ScalarVector s,
      Tree x0) {}

  /**
   * Checks the arguments.
   *
   * @param baseOptimizer an optimizer of mean gradients
   * @param weightDecay finite
   * @param eps finite and not negative
   * @param sInit positive and finite
   * @param numBetas at least 1
   * @param relativeSInit true or false
   * @throws IllegalArgumentException if an argument breaks its rule
   */
  public Mechanic {
    Check.finite("weightDecay", weightDecay);
    Check.notNegative("eps", eps);
    Check.positive("sInit", sInit);
    Check.atLeast("numBetas", 1, numBetas);
    Wrapped.requireMeanGradients("baseOptimizer", baseOptimizer, "aggregate them before mechanize");
  }

  /**
   * Returns Mechanic with weightDecay = 0.01, eps = 1e-8, sInit = 1e-6, not relative, and numBetas
   * = 6.
   *
   * @param baseOptimizer the optimizer whose updates to scale
   * @return the optimizer
   * @throws IllegalArgumentException if baseOptimizer takes per-example gradients
   */
  public static Mechanic of(GradientTransformation<?> baseOptimizer) {
    return new Mechanic(baseOptimizer, 1e-2, 1e-8, 1e-6, 6, false);
  }

  @Override
  public MechanicState initialState(Tree x) {
    ScalarVector zeros = ScalarVector.fill(numBetas, Scalar.of(0));
    first().warn(x);
    ScalarVector first = ScalarVector.fill(numBetas, first().of(x));
    return new MechanicState(
        Wrapped.initialState(baseOptimizer, x), Scalar.of(0), zeros, zeros, zeros, first, x);
  }

  private FirstEstimate first() {
    return new FirstEstimate("mechanize", "sInit", "relativeSInit", sInit, relativeSInit);
  }

  @Override
  public Step<MechanicState> step(Tree g, MechanicState state, Tree x, Extras extras) {
    Step<Object> base = Wrapped.step(baseOptimizer, g, state.baseOptimizerState(), x, extras);
    Scalar sum = state.s().sum();
    Tree x0 = state.count().equalTo(0).choose(x, state.x0());
    // g' = g + weightDecay S ||g|| / (||x|| + eps) x
    Scalar decay = g.norm().times(sum).times(weightDecay).dividedBy(x.norm().plus(eps));
    Tree decayed = weightDecay == 0 ? g : g.plus(x.times(decay));
    // D = (x0 - x) / (S + eps);  h = <g', D>, divided last, because D may overflow
    Tree moved = x0.minus(x);
    Scalar h = decayed.dot(moved).dividedBy(sum.plus(eps));
    MechanicState tuned = tuned(state, h, base.state(), x0);
    // u = x0 - S_new (D - ub) - x
    Scalar next = tuned.s().sum();
    Tree scaled = moved.times(next.dividedBy(sum.plus(eps))).minus(base.updates().times(next));
    return Step.of(x0.minus(scaled).minus(x), tuned);
  }

  @Override
  public Tree evalParams(MechanicState state, Tree params) {
    return Wrapped.evalParams(baseOptimizer, state.baseOptimizerState(), params);
  }

  private MechanicState tuned(MechanicState state, Scalar h, Object baseState, Tree x0) {
    ScalarVector b = ScalarVector.of(numBetas, i -> Scalar.of(1 - Math.pow(0.1, i + 1)));
    Scalar least = first().of(x0).dividedBy(numBetas);
    // r <- b r + s clamp(h, -m, m);  m <- max(b m, |h| + eps);  v <- b^2 v + h^2
    ScalarVector clamped = state.m().negate().max(h).min(state.m());
    ScalarVector r = state.r().times(b).plus(clamped.times(state.s()));
    ScalarVector m = state.m().times(b).max(h.abs().plus(eps));
    ScalarVector v = state.v().times(b.square()).plus(h.times(h));
    // s <- (sInit / n m + max(0, r)) / (sqrt(v) + eps)
    ScalarVector s = m.times(least).plus(r.max(0)).dividedBy(v.sqrt().plus(eps));
    ScalarVector finite = v.isFinite().times(s.isFinite()).times(h.isFinite());
    return new MechanicState(
        baseState,
        state.count().plus(1),
        finite.choose(r, state.r()),
        finite.choose(m, state.m()),
        finite.choose(v, state.v()),
        finite.choose(s, state.s()),
        x0);
  }
}
