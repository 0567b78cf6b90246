package dev.glissade.schedule;

import dev.glissade.Schedule;
import dev.glissade.schedule.PiecewiseInterpolateSchedule.InterpolateType;
import java.util.List;
import java.util.Map;

/**
 * The index of schedules: one method for each, with its required arguments. Each returned record
 * documents its formula and has a setter for every argument, optional ones included: {@code
 * cosineDecaySchedule(1e-3, 1000).alpha(0.1)}.
 *
 * <p>Counts start at 0: the first step reads {@code at(0)}. All values must be finite; every method
 * throws {@link IllegalArgumentException} for an argument that breaks its rule. Any lambda from a
 * count to a value is a {@link Schedule}, too.
 */
public final class Schedules {
  private Schedules() {}

  /**
   * Returns a {@link ConstantSchedule}: the same value at every step.
   *
   * @param value the value
   * @return the schedule
   */
  public static ConstantSchedule constantSchedule(double value) {
    return new ConstantSchedule(value);
  }

  /**
   * Returns a {@link LinearSchedule}: a straight line between two values.
   *
   * @param initValue the value at count 0
   * @param endValue the value after the transition
   * @param transitionSteps the number of steps of the transition
   * @return the schedule
   */
  public static LinearSchedule linearSchedule(
      double initValue, double endValue, int transitionSteps) {
    return LinearSchedule.of(initValue, endValue, transitionSteps);
  }

  /**
   * Returns a {@link PolynomialSchedule}: a power of the remaining fraction of steps.
   *
   * @param initValue the value at count 0
   * @param endValue the value after the transition
   * @param power the exponent; 1 gives a line
   * @param transitionSteps the number of steps of the transition
   * @return the schedule
   */
  public static PolynomialSchedule polynomialSchedule(
      double initValue, double endValue, double power, int transitionSteps) {
    return PolynomialSchedule.of(initValue, endValue, power, transitionSteps);
  }

  /**
   * Returns a {@link PiecewiseConstantSchedule}: a value that jumps at boundaries.
   *
   * @param initValue the value before the first boundary
   * @param boundariesAndScales for each boundary the factor, not negative, by which the value
   *     changes there
   * @return the schedule
   */
  public static PiecewiseConstantSchedule piecewiseConstantSchedule(
      double initValue, Map<Integer, Double> boundariesAndScales) {
    return new PiecewiseConstantSchedule(initValue, boundariesAndScales);
  }

  /**
   * Returns a {@link PiecewiseInterpolateSchedule}: lines or half cosine waves between boundaries.
   *
   * @param interpolateType lines or half cosine waves
   * @param initValue the value at count 0
   * @param boundariesAndScales for each boundary the factor, not negative, by which the value has
   *     changed since the boundary before
   * @return the schedule
   */
  public static PiecewiseInterpolateSchedule piecewiseInterpolateSchedule(
      InterpolateType interpolateType, double initValue, Map<Integer, Double> boundariesAndScales) {
    return new PiecewiseInterpolateSchedule(interpolateType, initValue, boundariesAndScales);
  }

  /**
   * Returns an {@link ExponentialDecay}: multiplied by a factor every {@code transitionSteps}
   * steps.
   *
   * @param initValue the value at count 0
   * @param transitionSteps the number of steps in which the value is multiplied by decayRate once
   * @param decayRate the factor
   * @return the schedule
   */
  public static ExponentialDecay exponentialDecay(
      double initValue, int transitionSteps, double decayRate) {
    return ExponentialDecay.of(initValue, transitionSteps, decayRate);
  }

  /**
   * Returns a {@link CosineDecaySchedule}: half a cosine wave down to 0.
   *
   * @param initValue the value at count 0
   * @param decaySteps the number of steps of the decay, positive
   * @return the schedule
   */
  public static CosineDecaySchedule cosineDecaySchedule(double initValue, int decaySteps) {
    return CosineDecaySchedule.of(initValue, decaySteps);
  }

  /**
   * Returns a {@link WarmupCosineDecaySchedule}: a line up, then half a cosine wave down to 0.
   *
   * @param initValue the value at count 0
   * @param peakValue the value after the warm-up
   * @param warmupSteps the number of steps of the warm-up
   * @param decaySteps the number of steps of warm-up and decay together, greater than warmupSteps
   * @return the schedule
   */
  public static WarmupCosineDecaySchedule warmupCosineDecaySchedule(
      double initValue, double peakValue, int warmupSteps, int decaySteps) {
    return WarmupCosineDecaySchedule.of(initValue, peakValue, warmupSteps, decaySteps);
  }

  /**
   * Returns a {@link WarmupExponentialDecaySchedule}: a line up, then exponential decay.
   *
   * @param initValue the value at count 0
   * @param peakValue the value after the warm-up
   * @param warmupSteps the number of steps of the warm-up
   * @param transitionSteps the number of steps in which the value is multiplied by decayRate once
   * @param decayRate the factor
   * @return the schedule
   */
  public static WarmupExponentialDecaySchedule warmupExponentialDecaySchedule(
      double initValue, double peakValue, int warmupSteps, int transitionSteps, double decayRate) {
    return WarmupExponentialDecaySchedule.of(
        initValue, peakValue, warmupSteps, transitionSteps, decayRate);
  }

  /**
   * Returns a {@link WarmupConstantSchedule}: a line up, then a constant.
   *
   * @param initValue the value at count 0
   * @param peakValue the value after the warm-up
   * @param warmupSteps the number of steps of the warm-up
   * @return the schedule
   */
  public static WarmupConstantSchedule warmupConstantSchedule(
      double initValue, double peakValue, int warmupSteps) {
    return new WarmupConstantSchedule(initValue, peakValue, warmupSteps);
  }

  /**
   * Returns a {@link LinearOnecycleSchedule}: three lines, up to the peak, back, and out.
   *
   * @param transitionSteps the number of steps of the cycle, positive
   * @param peakValue the largest value
   * @return the schedule
   */
  public static LinearOnecycleSchedule linearOnecycleSchedule(
      int transitionSteps, double peakValue) {
    return LinearOnecycleSchedule.of(transitionSteps, peakValue);
  }

  /**
   * Returns a {@link CosineOnecycleSchedule}: up to the peak and down in two half cosine waves.
   *
   * @param transitionSteps the number of steps of the cycle, positive
   * @param peakValue the largest value
   * @return the schedule
   */
  public static CosineOnecycleSchedule cosineOnecycleSchedule(
      int transitionSteps, double peakValue) {
    return CosineOnecycleSchedule.of(transitionSteps, peakValue);
  }

  /**
   * Returns an {@link SgdrSchedule}: cosine decay with warm restarts.
   *
   * @param cosineKwargs the cycles in order, at least one
   * @return the schedule
   */
  public static SgdrSchedule sgdrSchedule(List<WarmupCosineDecaySchedule> cosineKwargs) {
    return new SgdrSchedule(cosineKwargs);
  }

  /**
   * Returns {@link JoinSchedules}: schedules one after another, each counted from its own start.
   *
   * @param schedules at least one, in order
   * @param boundaries the counts at which schedules change, one fewer than there are schedules
   * @return the schedule
   */
  public static JoinSchedules joinSchedules(
      List<? extends Schedule> schedules, List<Integer> boundaries) {
    return new JoinSchedules(schedules, boundaries);
  }

  /**
   * Returns a {@link WarmupStableDecaySchedule}: a line up, a constant, then a cool-down to 0 by 1
   * - sqrt.
   *
   * @param initValue the value at count 0
   * @param peakValue the value after the warm-up
   * @param warmupSteps the number of steps of the warm-up, not negative
   * @param stableSteps the number of steps at peakValue, not negative
   * @param decaySteps the number of steps of the cool-down, not negative
   * @return the schedule
   */
  public static WarmupStableDecaySchedule warmupStableDecaySchedule(
      double initValue, double peakValue, int warmupSteps, int stableSteps, int decaySteps) {
    return WarmupStableDecaySchedule.of(initValue, peakValue, warmupSteps, stableSteps, decaySteps);
  }

  /**
   * Returns an {@link InverseSqrtSchedule}: a line up, then decay with the inverse square root of
   * the number of steps.
   *
   * @param initValue the value at count 0
   * @param peakValue the value after the warm-up
   * @param warmupSteps the number of steps of the warm-up, positive
   * @return the schedule
   */
  public static InverseSqrtSchedule inverseSqrtSchedule(
      double initValue, double peakValue, int warmupSteps) {
    return InverseSqrtSchedule.of(initValue, peakValue, warmupSteps);
  }

  /**
   * Returns an {@link AdemamixAlphaSchedule}: the paper's schedule of AdEMAMix's alpha.
   *
   * @param alpha the final value, not negative
   * @param transitionSteps the number of steps of the line, positive
   * @return the schedule
   */
  public static AdemamixAlphaSchedule ademamixAlphaSchedule(double alpha, int transitionSteps) {
    return new AdemamixAlphaSchedule(alpha, transitionSteps);
  }

  /**
   * Returns an {@link AdemamixB3Schedule}: the paper's schedule of AdEMAMix's b3.
   *
   * @param b1 the decay of the fast average, in [0, 1)
   * @param b3 the final value, greater than 0 and less than 1
   * @param transitionSteps the number of steps of the line, positive
   * @return the schedule
   */
  public static AdemamixB3Schedule ademamixB3Schedule(double b1, double b3, int transitionSteps) {
    return new AdemamixB3Schedule(b1, b3, transitionSteps);
  }
}
