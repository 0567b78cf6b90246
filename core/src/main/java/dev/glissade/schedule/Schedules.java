package dev.glissade.schedule;

import dev.glissade.Schedule;
import dev.glissade.schedule.PiecewiseInterpolateSchedule.InterpolateType;
import java.util.List;
import java.util.Map;

/**
 * The index of schedules: each documented function with its required arguments. The others are set
 * on the record that it returns, which states the formula: {@code cosineDecaySchedule(1e-3,
 * 1000).alpha(0.1)}. Steps are counted from 0. All numbers must be finite; every function throws
 * {@link IllegalArgumentException} for an argument that breaks its rule.
 */
public final class Schedules {
  private Schedules() {}

  /** Returns a {@link ConstantSchedule}: the same value at every step. */
  public static ConstantSchedule constantSchedule(double value) {
    return new ConstantSchedule(value);
  }

  /** Returns a {@link LinearSchedule}: a straight line. */
  public static LinearSchedule linearSchedule(
      double initValue, double endValue, int transitionSteps) {
    return LinearSchedule.of(initValue, endValue, transitionSteps);
  }

  /** Returns a {@link PolynomialSchedule}: a power of the steps that are left. */
  public static PolynomialSchedule polynomialSchedule(
      double initValue, double endValue, double power, int transitionSteps) {
    return PolynomialSchedule.of(initValue, endValue, power, transitionSteps);
  }

  /** Returns a {@link PiecewiseConstantSchedule}: a value that jumps at boundaries. */
  public static PiecewiseConstantSchedule piecewiseConstantSchedule(
      double initValue, Map<Integer, Double> boundariesAndScales) {
    return new PiecewiseConstantSchedule(initValue, boundariesAndScales);
  }

  /** Returns a {@link PiecewiseInterpolateSchedule}: lines or cosine waves between boundaries. */
  public static PiecewiseInterpolateSchedule piecewiseInterpolateSchedule(
      InterpolateType interpolateType, double initValue, Map<Integer, Double> boundariesAndScales) {
    return new PiecewiseInterpolateSchedule(interpolateType, initValue, boundariesAndScales);
  }

  /** Returns an {@link ExponentialDecay}: a factor each {@code transitionSteps} steps. */
  public static ExponentialDecay exponentialDecay(
      double initValue, int transitionSteps, double decayRate) {
    return ExponentialDecay.of(initValue, transitionSteps, decayRate);
  }

  /** Returns a {@link CosineDecaySchedule}: half a cosine wave down. */
  public static CosineDecaySchedule cosineDecaySchedule(double initValue, int decaySteps) {
    return CosineDecaySchedule.of(initValue, decaySteps);
  }

  /** Returns a {@link WarmupCosineDecaySchedule}: a line up, then half a cosine wave down. */
  public static WarmupCosineDecaySchedule warmupCosineDecaySchedule(
      double initValue, double peakValue, int warmupSteps, int decaySteps) {
    return WarmupCosineDecaySchedule.of(initValue, peakValue, warmupSteps, decaySteps);
  }

  /** Returns a {@link WarmupExponentialDecaySchedule}: a line up, then exponential decay. */
  public static WarmupExponentialDecaySchedule warmupExponentialDecaySchedule(
      double initValue, double peakValue, int warmupSteps, int transitionSteps, double decayRate) {
    return WarmupExponentialDecaySchedule.of(
        initValue, peakValue, warmupSteps, transitionSteps, decayRate);
  }

  /** Returns a {@link WarmupConstantSchedule}: a line up, then a constant. */
  public static WarmupConstantSchedule warmupConstantSchedule(
      double initValue, double peakValue, int warmupSteps) {
    return new WarmupConstantSchedule(initValue, peakValue, warmupSteps);
  }

  /** Returns a {@link LinearOnecycleSchedule}: up, back and out in three lines. */
  public static LinearOnecycleSchedule linearOnecycleSchedule(
      int transitionSteps, double peakValue) {
    return LinearOnecycleSchedule.of(transitionSteps, peakValue);
  }

  /** Returns a {@link CosineOnecycleSchedule}: up and down in two half cosine waves. */
  public static CosineOnecycleSchedule cosineOnecycleSchedule(
      int transitionSteps, double peakValue) {
    return CosineOnecycleSchedule.of(transitionSteps, peakValue);
  }

  /** Returns an {@link SgdrSchedule}: cosine decay with warm restarts, one cycle after another. */
  public static SgdrSchedule sgdrSchedule(List<WarmupCosineDecaySchedule> cosineKwargs) {
    return new SgdrSchedule(cosineKwargs);
  }

  /** Returns {@link JoinSchedules}: one schedule after another, each counted from its boundary. */
  public static JoinSchedules joinSchedules(
      List<? extends Schedule> schedules, List<Integer> boundaries) {
    return new JoinSchedules(schedules, boundaries);
  }
}
