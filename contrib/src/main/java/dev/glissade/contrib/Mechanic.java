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
 * Learns the scale of another optimizer's updates: Cutkosky, Defazio and Mehta, "Mechanic: A
 * Learning Rate Tuner", 2023 (arXiv 2306.00144), Algorithm 1. The base optimizer is best given a
 * learning rate (schedule) whose largest value is 1. With ub its update, S = sum of s over decays
 * b:
 *
 * <pre>{@code
 * D = (x0 - x) / (S + eps)        h = <g + weightDecay S |g| / (|x| + eps) x, D>
 * r <- b r + s clamp(h, -m, m)    m <- max(b m, |h| + eps)    v <- b^2 v + h^2
 * s <- (sInit / n m + max(0, r)) / (sqrt(v) + eps)
 * u = x0 - S_new (D - ub) - x
 * }</pre>
 *
 * <p>A step whose inner product is not finite leaves the learned scale as it is, where the original
 * makes it NaN for ever.
 *
 * <p><b>The first steps are sInit times the base optimizer's</b>. Parameters that round them away,
 * 16-bit ones and float32 ones of size 20 and more where the base optimizer's steps are of size 1,
 * stay where they are and the scale with them; a warning is logged. In 16 bits {@code
 * masterWeights} is the remedy, for large parameters {@link #relativeSInit}.
 *
 * @param baseOptimizer whose updates are scaled
 * @param weightDecay of Mechanic's own, relative to the norms of gradients and parameters
 * @param eps keeps divisors from 0
 * @param sInit the first scale
 * @param numBetas how many decays are tried, 0.9, 0.99, ...: at least 1
 * @param relativeSInit whether the first scale is sInit times 1 + the root of the mean square of
 *     the parameters at the start (an option of ours, for large parameters)
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
   * The scale, and what it is learned from. A {@link dev.glissade.Stepper} reads the scale of the
   * first beta by {@code scalar("s/0")}.
   *
   * @param count steps taken
   * @param r the reward, one for each beta
   * @param m the largest inner product, one for each beta
   * @param v the sum of squared inner products, one for each beta
   * @param s the scale, one for each beta; their sum is the learned scale
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

  public Mechanic {
    Check.finite("weightDecay", weightDecay);
    Check.notNegative("eps", eps);
    Check.positive("sInit", sInit);
    Check.atLeast("numBetas", 1, numBetas);
    if (baseOptimizer.perExample()) {
      throw new IllegalArgumentException("mechanize takes mean gradients, not per-example ones");
    }
  }

  /**
   * Returns Mechanic with weightDecay = 0.01, eps = 1e-8, sInit = 1e-6, not relative, six betas.
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
    // D = (x0 - x) / (S + eps);  h = <g', D>, divided last, since D may overflow where x does not
    Tree moved = x0.minus(x);
    Scalar h = decayed.dot(moved).dividedBy(sum.plus(eps));
    MechanicState tuned = tuned(state, h, base.state(), x0);
    // u = x0 - S_new (D - ub) - x
    Scalar next = tuned.s().sum();
    Tree scaled = moved.times(next.dividedBy(sum.plus(eps))).minus(base.updates().times(next));
    return Step.of(x0.minus(scaled).minus(x), tuned);
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
