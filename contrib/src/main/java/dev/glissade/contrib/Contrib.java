package dev.glissade.contrib;

import dev.glissade.GradientTransformation;
import dev.glissade.Schedule;
import dev.glissade.schedule.ConstantSchedule;
import org.jspecify.annotations.Nullable;

/**
 * The index of this module: each documented function with its defaults, and with its documented
 * arguments in their order. Every option, ours too, is set on what is returned: {@code
 * prodigy().weightDecay(0.01)}.
 */
public final class Contrib {
  private Contrib() {}

  /** Returns {@link Cocob} with its defaults. */
  public static Cocob cocob() {
    return Cocob.defaults();
  }

  /** Returns {@link Cocob} with the documented arguments. */
  public static Cocob cocob(double alpha, double eps) {
    return cocob().alpha(alpha).eps(eps);
  }

  /** Returns {@link DAdaptAdamW} with its defaults. */
  public static DAdaptAdamW dadaptAdamw() {
    return DAdaptAdamW.defaults();
  }

  /** Returns {@link DAdaptAdamW} with this learning rate and its other defaults. */
  public static DAdaptAdamW dadaptAdamw(double learningRate) {
    return dadaptAdamw().learningRate(learningRate);
  }

  /** Returns {@link DAdaptAdamW} with this learning rate and its other defaults. */
  public static DAdaptAdamW dadaptAdamw(Schedule learningRate) {
    return dadaptAdamw().learningRate(learningRate);
  }

  /** Returns {@link DAdaptAdamW} with the documented arguments. */
  public static DAdaptAdamW dadaptAdamw(
      Schedule learningRate, Betas betas, double eps, double estimLr0, double weightDecay) {
    return new DAdaptAdamW(learningRate, betas, eps, estimLr0, weightDecay);
  }

  /** Returns {@link Prodigy} with its defaults. */
  public static Prodigy prodigy() {
    return Prodigy.defaults();
  }

  /** Returns {@link Prodigy} with this learning rate and its other defaults. */
  public static Prodigy prodigy(double learningRate) {
    return prodigy().learningRate(learningRate);
  }

  /** Returns {@link Prodigy} with this learning rate and its other defaults. */
  public static Prodigy prodigy(Schedule learningRate) {
    return prodigy().learningRate(learningRate);
  }

  /** Returns {@link Prodigy} with the documented arguments. */
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

  /** Returns {@link Mechanic} with its defaults. */
  public static Mechanic mechanize(GradientTransformation<?> baseOptimizer) {
    return Mechanic.of(baseOptimizer);
  }

  /** Returns {@link Mechanic} with the documented arguments. */
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

  /** Returns {@link Normalize} with the documented arguments. */
  public static Normalize normalize() {
    return new Normalize();
  }

  /** Returns {@link Sam} with its defaults. */
  public static Sam sam(
      GradientTransformation<?> optimizer, GradientTransformation<?> advOptimizer) {
    return Sam.of(optimizer, advOptimizer);
  }

  /** Returns {@link Sam} with the documented arguments. */
  public static Sam sam(
      GradientTransformation<?> optimizer,
      GradientTransformation<?> advOptimizer,
      int syncPeriod,
      boolean resetState,
      boolean opaqueMode,
      @Nullable String batchAxisName) {
    return new Sam(optimizer, advOptimizer, syncPeriod, resetState, opaqueMode, batchAxisName);
  }

  /** Returns {@link DifferentiallyPrivateAggregate} with the documented arguments. */
  public static DifferentiallyPrivateAggregate differentiallyPrivateAggregate(
      double l2NormClip, double noiseMultiplier, long seed) {
    return DifferentiallyPrivateAggregate.of(l2NormClip, noiseMultiplier, seed);
  }

  /** Returns {@link Dpsgd} with its defaults. */
  public static Dpsgd dpsgd(
      double learningRate, double l2NormClip, double noiseMultiplier, long seed) {
    return dpsgd(
        ConstantSchedule.named("learningRate", learningRate), l2NormClip, noiseMultiplier, seed);
  }

  /** Returns {@link Dpsgd} with its defaults. */
  public static Dpsgd dpsgd(
      Schedule learningRate, double l2NormClip, double noiseMultiplier, long seed) {
    return Dpsgd.of(learningRate, l2NormClip, noiseMultiplier, seed);
  }

  /** Returns {@link Dpsgd} with the documented arguments. */
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

  /** Returns {@link SplitRealAndImaginary} with the documented arguments. */
  public static SplitRealAndImaginary splitRealAndImaginary(GradientTransformation<?> inner) {
    return new SplitRealAndImaginary(inner);
  }
}
