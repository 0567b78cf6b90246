package dev.glissade.contrib;

import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.Scalar;
import dev.glissade.Schedule;
import dev.glissade.Step;
import dev.glissade.Tree;
import dev.glissade.records.Check;
import dev.glissade.schedule.ConstantSchedule;
import dev.glissade.transform.Moments;
import dev.glissade.withers.Withers;

/**
 * MoMo-Adam: Adam whose step size comes from the loss, as that of {@link Momo} does. With f the
 * loss before the step, w = 1 + learningRate weightDecay, c = 1 - b1^t and t the number of this
 * step from 1:
 *
 * <pre>{@code
 * barf <- b1 barf + (1 - b1) f     gamma <- b1 gamma + (1 - b1) <g, x>
 * m <- b1 m + (1 - b1) g           v <- b2 v + (1 - b2) g^2      D = eps + sqrt(v / (1 - b2^t))
 * tau = min(learningRate / c, max(w (barf - c lb - gamma) + <m, x>, 0) / <m, m / D>)
 * u = -tau m / D - learningRate weightDecay / w x
 * }</pre>
 *
 * <p>The step needs the loss: {@code stepper.step(gradients, Extras.NONE.withValue(loss))}. Differs
 * from Optax as {@link Momo} does.
 *
 * <p>Takes real leaves of any type. It refuses complex ones: wrap the optimizer in {@code
 * splitRealAndImaginary}.
 *
 * @param learningRate the largest step; read at count 0 at the first step
 * @param b1 decay of the first means, in [0, 1)
 * @param b2 decay of the second moment, in [0, 1)
 * @param eps added to the root of the second moment, positive
 * @param lowerBound the least loss that is possible, such as 0
 * @param weightDecay decoupled weight decay, not negative
 * @param adaptLowerBound whether to raise the lower bound while training
 */
@Withers
public record MomoAdam(
    Schedule learningRate,
    double b1,
    double b2,
    double eps,
    double lowerBound,
    double weightDecay,
    boolean adaptLowerBound)
    implements GradientTransformation<MomoAdam.MomoAdamState>, MomoAdamWithers {

  /**
   * The state of {@link MomoAdam}; see {@link Momo.MomoState}.
   *
   * @param expAvg the mean of gradients, m
   * @param expAvgSq the mean of squared gradients, v
   * @param barf the mean of losses, not debiased
   * @param gamma the mean of the inner products of gradients and parameters, not debiased
   * @param lb the lower bound
   * @param count the number of steps taken
   * @param stopped the number of steps in a row, up to the last one, of size 0 with m not 0
   */
  public record MomoAdamState(
      Tree expAvg,
      Tree expAvgSq,
      Scalar barf,
      Scalar gamma,
      Scalar lb,
      Scalar count,
      Scalar stopped) {}

  /**
   * Checks the arguments.
   *
   * @param learningRate any schedule
   * @param b1 in [0, 1)
   * @param b2 in [0, 1)
   * @param eps positive and finite
   * @param lowerBound finite
   * @param weightDecay finite and not negative
   * @param adaptLowerBound true or false
   * @throws IllegalArgumentException if an argument breaks its rule
   */
  public MomoAdam {
    Check.decay("b1", b1);
    Check.decay("b2", b2);
    Check.positive("eps", eps);
    Check.finite("lowerBound", lowerBound);
    Check.notNegative("weightDecay", weightDecay);
  }

  /**
   * Returns MoMo-Adam with learningRate = 0.01, b1 = 0.9, b2 = 0.999, eps = 1e-8, lowerBound = 0,
   * which stays, and no weight decay.
   *
   * @return the optimizer
   */
  public static MomoAdam defaults() {
    return new MomoAdam(new ConstantSchedule(0.01), 0.9, 0.999, 1e-8, 0, 0, false);
  }

  @Override
  public MomoAdamState initialState(Tree x) {
    Scalar zero = Scalar.of(0);
    return new MomoAdamState(x.zeros(), x.zeros(), zero, zero, Scalar.of(lowerBound), zero, zero);
  }

  @Override
  public Step<MomoAdamState> step(Tree updates, MomoAdamState state, Tree x, Extras extras) {
    Scalar t = state.count().plus(1);
    Scalar c = t.powerOf(b1).negate().plus(1);
    Tree g = updates.squarable();
    Tree m = Moments.update(state.expAvg(), b1, g);
    Tree v = Moments.update(state.expAvgSq(), b2, g.square());
    PolyakModel model =
        new PolyakModel(Scalar.of(b1), state.barf(), state.gamma(), state.lb(), c)
            .next(extras.value(), g.dot(x));
    // tau = min(lr / c, max(w (barf - c lb - gamma) + <m, x>, 0) / <m, m / D>)
    Tree scaled = m.dividedBy(Moments.debiased(v, b2, t).sqrt().plus(eps));
    PolyakModel.Terms terms =
        new PolyakModel.Terms(
            learningRate.at(state.count()),
            weightDecay,
            lowerBound,
            adaptLowerBound,
            m.dot(x),
            m.dot(scaled));
    PolyakModel.Result result = model.result(terms);
    Tree u = descent(m, v, result.tau(), t);
    MomoAdamState next =
        new MomoAdamState(
            m, v, model.f(), model.q(), result.lb(), t, result.stopped(state.stopped()));
    Tree decayed = PolyakModel.decayed(u, x, terms);
    return PolyakModel.ofFinite(extras.value(), Step.of(decayed, next), state);
  }

  /**
   * Returns -tau m / D as -c tau m / (sqrt(v) + c eps) with c = sqrt(1 - b2^t). So the second pass
   * computes it from m and v, which the first has stored, rather than from a tree of its own.
   */
  private Tree descent(Tree m, Tree v, Scalar tau, Scalar t) {
    Scalar c = t.powerOf(b2).negate().plus(1).sqrt();
    return m.times(tau.times(c).negate()).dividedBy(v.sqrt().plus(c.times(eps)));
  }
}
