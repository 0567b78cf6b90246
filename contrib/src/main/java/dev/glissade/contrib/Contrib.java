package dev.glissade.contrib;

import dev.glissade.GradientTransformation;
import dev.glissade.Schedule;
import dev.glissade.Tree;
import dev.glissade.schedule.ConstantSchedule;
import org.jspecify.annotations.Nullable;

/**
 * The index of this module. Most algorithms have a method without optional arguments and one with
 * Optax's arguments in Optax's order; {@link #cocob(double, double)} has only two of them. Each
 * returned record documents formula, paper, state and defaults and has a setter for every option,
 * our additions included: {@code prodigy().weightDecay(0.01)}.
 *
 * <p>A method throws {@link IllegalArgumentException} for an argument that breaks its rule.
 */
public final class Contrib {
  private Contrib() {}

  /**
   * Returns {@link Cocob} with its defaults: coin betting, without a learning rate.
   *
   * @return the optimizer
   */
  public static Cocob cocob() {
    return Cocob.defaults();
  }

  /**
   * Returns {@link Cocob} with two of Optax's arguments.
   *
   * @param alpha caution of the first bets, positive
   * @param eps the largest gradient before the first step, positive
   * @return the optimizer
   */
  public static Cocob cocob(double alpha, double eps) {
    return cocob().alpha(alpha).eps(eps);
  }

  /**
   * Returns {@link DAdaptAdamW} with its defaults: AdamW without a learning rate.
   *
   * @return the optimizer
   */
  public static DAdaptAdamW dadaptAdamw() {
    return DAdaptAdamW.defaults();
  }

  /**
   * Returns {@link DAdaptAdamW} with this factor of the learning rate and other defaults.
   *
   * @param learningRate multiplies the estimated learning rate; 1 by default
   * @return the optimizer
   */
  public static DAdaptAdamW dadaptAdamw(double learningRate) {
    return dadaptAdamw().learningRate(learningRate);
  }

  /**
   * Returns {@link DAdaptAdamW} with this schedule and other defaults.
   *
   * @param learningRate multiplies the estimated learning rate; best with 1 as its largest value
   * @return the optimizer
   */
  public static DAdaptAdamW dadaptAdamw(Schedule learningRate) {
    return dadaptAdamw().learningRate(learningRate);
  }

  /**
   * Returns {@link DAdaptAdamW} with Optax's arguments.
   *
   * @param learningRate multiplies the estimated learning rate; best with 1 as its largest value
   * @param betas decays of the moments
   * @param eps added to the root of the second moment, not negative
   * @param estimLr0 the first estimate, positive; rather too small than too large
   * @param weightDecay decoupled weight decay, times the learning rate
   * @return the optimizer
   */
  public static DAdaptAdamW dadaptAdamw(
      Schedule learningRate, Betas betas, double eps, double estimLr0, double weightDecay) {
    return new DAdaptAdamW(learningRate, betas, eps, estimLr0, weightDecay);
  }

  /**
   * Returns {@link Prodigy} with its defaults: AdamW without a learning rate, whose estimate grows
   * faster than D-Adaptation's.
   *
   * @return the optimizer
   */
  public static Prodigy prodigy() {
    return Prodigy.defaults();
  }

  /**
   * Returns {@link Prodigy} with this factor of the learning rate and other defaults.
   *
   * @param learningRate multiplies the estimated learning rate; 1 by default
   * @return the optimizer
   */
  public static Prodigy prodigy(double learningRate) {
    return prodigy().learningRate(learningRate);
  }

  /**
   * Returns {@link Prodigy} with this schedule and other defaults.
   *
   * @param learningRate multiplies the estimated learning rate; best with 1 as its largest value
   * @return the optimizer
   */
  public static Prodigy prodigy(Schedule learningRate) {
    return prodigy().learningRate(learningRate);
  }

  /**
   * Returns {@link Prodigy} with Optax's arguments.
   *
   * @param learningRate multiplies the estimated learning rate; best with 1 as its largest value
   * @param betas decays of the moments
   * @param beta3 decay of the estimate's sums, in [0, 1); null for the root of beta2
   * @param eps added to the root of the second moment, not negative
   * @param estimLr0 the first estimate, positive; rather too small than too large
   * @param estimLrCoef multiplies each new estimate, positive
   * @param weightDecay decoupled weight decay, times the learning rate
   * @return the optimizer
   */
  public static Prodigy prodigy(
      Schedule learningRate,
      Betas betas,
      @Nullable Double beta3,
      double eps,
      double estimLr0,
      double estimLrCoef,
      double weightDecay) {
    return prodigy(learningRate)
        .betas(betas)
        .beta3(beta3)
        .eps(eps)
        .estimLr0(estimLr0)
        .estimLrCoef(estimLrCoef)
        .weightDecay(weightDecay);
  }

  /**
   * Returns {@link Mechanic} with its defaults: learns the scale of another optimizer's updates.
   *
   * @param baseOptimizer the optimizer whose updates to scale, with a learning rate of at most 1
   * @return the optimizer
   */
  public static Mechanic mechanize(GradientTransformation<?> baseOptimizer) {
    return Mechanic.of(baseOptimizer);
  }

  /**
   * Returns {@link Mechanic} with Optax's arguments.
   *
   * @param baseOptimizer the optimizer whose updates to scale, with a learning rate of at most 1
   * @param weightDecay Mechanic's own, which is not the base optimizer's weight decay
   * @param eps keeps divisors from 0, not negative
   * @param sInit the first scale, positive
   * @param numBetas the number of decays to learn with, at least 1
   * @return the optimizer
   */
  public static Mechanic mechanize(
      GradientTransformation<?> baseOptimizer,
      double weightDecay,
      double eps,
      double sInit,
      int numBetas) {
    return mechanize(baseOptimizer)
        .weightDecay(weightDecay)
        .eps(eps)
        .sInit(sInit)
        .numBetas(numBetas);
  }

  /**
   * Returns {@link Normalize}: updates divided by the norm of the whole tree.
   *
   * @return the transformation
   */
  public static Normalize normalize() {
    return new Normalize();
  }

  /**
   * Returns {@link Sam} in transparent mode with its defaults: sharpness-aware minimization.
   *
   * @param optimizer the outer optimizer
   * @param advOptimizer the adversary, usually {@code chain(normalize(), sgd(rho))}
   * @return the optimizer
   */
  public static Sam sam(
      GradientTransformation<?> optimizer, GradientTransformation<?> advOptimizer) {
    return Sam.of(optimizer, advOptimizer);
  }

  /**
   * Returns {@link Sam} with Optax's arguments.
   *
   * @param optimizer the outer optimizer
   * @param advOptimizer the adversary, usually {@code chain(normalize(), sgd(rho))}
   * @param syncPeriod the number of gradients in a cycle, at least 1
   * @param resetState whether the adversary starts each cycle with a new state
   * @param opaqueMode whether a step is a whole cycle, with a gradient function among the extra
   *     arguments
   * @param batchAxisName in opaque mode, the name of the extra argument that is the {@link
   *     BatchAxis}; null for no averaging over replicas
   * @return the optimizer
   */
  public static Sam sam(
      GradientTransformation<?> optimizer,
      GradientTransformation<?> advOptimizer,
      int syncPeriod,
      boolean resetState,
      boolean opaqueMode,
      @Nullable String batchAxisName) {
    return new Sam(optimizer, advOptimizer, syncPeriod, resetState, opaqueMode, batchAxisName);
  }

  /**
   * Returns {@link DifferentiallyPrivateAggregate}: clips per-example gradients, adds them up and
   * adds noise. A known seed protects nobody.
   *
   * @param l2NormClip the largest norm of one example's gradient, positive
   * @param noiseMultiplier standard deviation of the noise divided by the clip, not negative
   * @param seed the seed of the random generator
   * @return the transformation
   */
  public static DifferentiallyPrivateAggregate differentiallyPrivateAggregate(
      double l2NormClip, double noiseMultiplier, long seed) {
    return DifferentiallyPrivateAggregate.of(l2NormClip, noiseMultiplier, seed);
  }

  /**
   * Returns {@link Dpsgd} without momentum: private gradient descent. A known seed protects nobody.
   *
   * @param learningRate multiplies the clipped, noisy mean gradient, finite
   * @param l2NormClip the largest norm of one example's gradient, positive
   * @param noiseMultiplier standard deviation of the noise divided by the clip, not negative
   * @param seed the seed of the random generator
   * @return the optimizer
   */
  public static Dpsgd dpsgd(
      double learningRate, double l2NormClip, double noiseMultiplier, long seed) {
    return dpsgd(
        ConstantSchedule.named("learningRate", learningRate), l2NormClip, noiseMultiplier, seed);
  }

  /**
   * Returns {@link Dpsgd} without momentum: private gradient descent. A known seed protects nobody.
   *
   * @param learningRate multiplies the clipped, noisy mean gradient
   * @param l2NormClip the largest norm of one example's gradient, positive
   * @param noiseMultiplier standard deviation of the noise divided by the clip, not negative
   * @param seed the seed of the random generator
   * @return the optimizer
   */
  public static Dpsgd dpsgd(
      Schedule learningRate, double l2NormClip, double noiseMultiplier, long seed) {
    return Dpsgd.of(learningRate, l2NormClip, noiseMultiplier, seed);
  }

  /**
   * Returns {@link Dpsgd} with Optax's arguments.
   *
   * @param learningRate multiplies the clipped, noisy mean gradient
   * @param l2NormClip the largest norm of one example's gradient, positive
   * @param noiseMultiplier standard deviation of the noise divided by the clip, not negative
   * @param seed the seed of the random generator
   * @param momentum decay of the momentum, not negative; null for no momentum
   * @param nesterov whether to use Nesterov momentum
   * @return the optimizer
   */
  public static Dpsgd dpsgd(
      Schedule learningRate,
      double l2NormClip,
      double noiseMultiplier,
      long seed,
      @Nullable Double momentum,
      boolean nesterov) {
    return Dpsgd.of(learningRate, l2NormClip, noiseMultiplier, seed)
        .momentum(momentum)
        .nesterov(nesterov);
  }

  /**
   * Returns {@link SplitRealAndImaginary}: an optimizer for real parameters, on complex ones.
   *
   * @param inner the transformation of the real leaves
   * @return the transformation
   */
  public static SplitRealAndImaginary splitRealAndImaginary(GradientTransformation<?> inner) {
    return new SplitRealAndImaginary(inner);
  }

  /**
   * Returns {@link ScheduleFree} with its defaults: averages another optimizer's iterates in place
   * of a decaying learning rate.
   *
   * @param baseOptimizer the optimizer, without momentum
   * @param learningRate its learning rate
   * @return the optimizer
   */
  public static ScheduleFree scheduleFree(
      GradientTransformation<?> baseOptimizer, double learningRate) {
    return scheduleFree(baseOptimizer, ConstantSchedule.named("learningRate", learningRate));
  }

  /**
   * Returns {@link ScheduleFree} with its defaults: averages another optimizer's iterates in place
   * of a decaying learning rate.
   *
   * @param baseOptimizer the optimizer, without momentum
   * @param learningRate its learning rate, best a warm-up and then a constant
   * @return the optimizer
   */
  public static ScheduleFree scheduleFree(
      GradientTransformation<?> baseOptimizer, Schedule learningRate) {
    return ScheduleFree.of(baseOptimizer, learningRate);
  }

  /**
   * Returns {@link ScheduleFreeSgd} with its defaults: Schedule-Free gradient descent.
   *
   * @return the optimizer
   */
  public static ScheduleFreeSgd scheduleFreeSgd() {
    return ScheduleFreeSgd.defaults();
  }

  /**
   * Returns {@link ScheduleFreeSgd} with this learning rate and other defaults.
   *
   * @param learningRate multiplies the gradients; 1 by default
   * @return the optimizer
   */
  public static ScheduleFreeSgd scheduleFreeSgd(double learningRate) {
    return scheduleFreeSgd().learningRate(learningRate);
  }

  /**
   * Returns {@link ScheduleFreeAdamW} with its defaults: Schedule-Free AdamW.
   *
   * @return the optimizer
   */
  public static ScheduleFreeAdamW scheduleFreeAdamw() {
    return ScheduleFreeAdamW.defaults();
  }

  /**
   * Returns {@link ScheduleFreeAdamW} with this learning rate and other defaults.
   *
   * @param learningRate multiplies the scaled gradients; 0.0025 by default
   * @return the optimizer
   */
  public static ScheduleFreeAdamW scheduleFreeAdamw(double learningRate) {
    return scheduleFreeAdamw().learningRate(learningRate);
  }

  /**
   * Returns the parameters to evaluate of Schedule-Free, also of a state that a chain, a mask or
   * another combinator holds; leaves that it does not step stay as they are. {@code
   * optimizer.evalParams} and {@code stepper.evalParams} do the same for all optimizers.
   *
   * @param state the state of {@link ScheduleFree}, or one that holds such a state
   * @param params the stepped parameters
   * @return the averages, evaluated
   * @throws IllegalArgumentException if the state holds none of Schedule-Free, or the parameters
   *     lack leaves that it has
   */
  public static Tree scheduleFreeEvalParams(Object state, Tree params) {
    return ScheduleFree.averages(state, params).evaluate();
  }
}
