package dev.glissade.contrib;

import dev.glissade.GradientTransformation;
import dev.glissade.Schedule;
import dev.glissade.schedule.ConstantSchedule;
import org.jspecify.annotations.Nullable;

/**
 * The index of this module: each documented function with its documented arguments, and with its
 * defaults. Options are also set on what is given back: {@code prodigy().weightDecay(0.01)}.
 */
public final class Contrib {
  private Contrib() {}

  /** {@link Cocob} with its defaults. */
  public static Cocob cocob() {
    return Cocob.defaults();
  }

  /** {@link Cocob}. */
  public static Cocob cocob(double alpha, double eps) {
    return cocob().alpha(alpha).eps(eps);
  }

  /** {@link DAdaptAdamW} with its defaults. */
  public static DAdaptAdamW dadaptAdamw() {
    return DAdaptAdamW.defaults();
  }

  /** {@link DAdaptAdamW} with its defaults but for the learning rate. */
  public static DAdaptAdamW dadaptAdamw(double learningRate) {
    return dadaptAdamw().learningRate(learningRate);
  }

  /** {@link DAdaptAdamW} with its defaults but for the learning rate. */
  public static DAdaptAdamW dadaptAdamw(Schedule learningRate) {
    return dadaptAdamw().learningRate(learningRate);
  }

  /** {@link DAdaptAdamW}. */
  public static DAdaptAdamW dadaptAdamw(
      Schedule learningRate, Betas betas, double eps, double estimLr0, double weightDecay) {
    return new DAdaptAdamW(learningRate, betas, eps, estimLr0, weightDecay);
  }

  /** {@link Prodigy} with its defaults. */
  public static Prodigy prodigy() {
    return Prodigy.defaults();
  }

  /** {@link Prodigy} with its defaults but for the learning rate. */
  public static Prodigy prodigy(double learningRate) {
    return prodigy().learningRate(learningRate);
  }

  /** {@link Prodigy} with its defaults but for the learning rate. */
  public static Prodigy prodigy(Schedule learningRate) {
    return prodigy().learningRate(learningRate);
  }

  /** {@link Prodigy}. */
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

  /** {@link Mechanic} with its defaults. */
  public static Mechanic mechanize(GradientTransformation<?> baseOptimizer) {
    return Mechanic.of(baseOptimizer);
  }

  /** {@link Mechanic}. */
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

  /** {@link Normalize}. */
  public static Normalize normalize() {
    return new Normalize();
  }

  /** {@link Sam} with its defaults. */
  public static Sam sam(
      GradientTransformation<?> optimizer, GradientTransformation<?> advOptimizer) {
    return Sam.of(optimizer, advOptimizer);
  }

  /** {@link Sam}. */
  public static Sam sam(
      GradientTransformation<?> optimizer,
      GradientTransformation<?> advOptimizer,
      int syncPeriod,
      boolean resetState,
      boolean opaqueMode,
      @Nullable String batchAxisName) {
    return new Sam(optimizer, advOptimizer, syncPeriod, resetState, opaqueMode, batchAxisName);
  }

  /** {@link DifferentiallyPrivateAggregate}. */
  public static DifferentiallyPrivateAggregate differentiallyPrivateAggregate(
      double l2NormClip, double noiseMultiplier, long seed) {
    return DifferentiallyPrivateAggregate.of(l2NormClip, noiseMultiplier, seed);
  }

  /** {@link Dpsgd} without momentum. */
  public static Dpsgd dpsgd(
      double learningRate, double l2NormClip, double noiseMultiplier, long seed) {
    return dpsgd(
        ConstantSchedule.named("learningRate", learningRate), l2NormClip, noiseMultiplier, seed);
  }

  /** {@link Dpsgd} without momentum. */
  public static Dpsgd dpsgd(
      Schedule learningRate, double l2NormClip, double noiseMultiplier, long seed) {
    return Dpsgd.of(learningRate, l2NormClip, noiseMultiplier, seed);
  }

  /** {@link Dpsgd}. */
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

  /** {@link SplitRealAndImaginary}. */
  public static SplitRealAndImaginary splitRealAndImaginary(GradientTransformation<?> inner) {
    return new SplitRealAndImaginary(inner);
  }
}
