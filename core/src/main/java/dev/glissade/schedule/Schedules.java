package dev.glissade.schedule;

import dev.glissade.Schedule;
import dev.glissade.schedule.PiecewiseInterpolateSchedule.InterpolateType;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The index of schedules, with the arguments of the original in their order. Steps are counted from
 * 0. The record that each function returns says the formula. All numbers must be finite; every
 * function throws {@link IllegalArgumentException} for an argument outside its rule.
 */
public final class Schedules {
  private Schedules() {}

  /** The same value at every step. */
  public static ConstantSchedule constantSchedule(double value) {
    return new ConstantSchedule(value);
  }

  /** From step 0 on. */
  public static LinearSchedule linearSchedule(
      double initValue, double endValue, int transitionSteps) {
    return linearSchedule(initValue, endValue, transitionSteps, 0);
  }

  /** A straight line; {@code transitionSteps <= 0} keeps {@code initValue}. */
  public static LinearSchedule linearSchedule(
      double initValue, double endValue, int transitionSteps, int transitionBegin) {
    return new LinearSchedule(initValue, endValue, transitionSteps, transitionBegin);
  }

  /** From step 0 on. */
  public static PolynomialSchedule polynomialSchedule(
      double initValue, double endValue, double power, int transitionSteps) {
    return polynomialSchedule(initValue, endValue, power, transitionSteps, 0);
  }

  /** A power of the steps left; {@code transitionSteps <= 0} keeps {@code initValue}. */
  public static PolynomialSchedule polynomialSchedule(
      double initValue, double endValue, double power, int transitionSteps, int transitionBegin) {
    return new PolynomialSchedule(initValue, endValue, power, transitionSteps, transitionBegin);
  }

  /** Without a jump. */
  public static PiecewiseConstantSchedule piecewiseConstantSchedule(double initValue) {
    return piecewiseConstantSchedule(initValue, Map.of());
  }

  /** A value multiplied with a scale, which must not be negative, at each boundary. */
  public static PiecewiseConstantSchedule piecewiseConstantSchedule(
      double initValue, Map<Integer, Double> boundariesAndScales) {
    return new PiecewiseConstantSchedule(initValue, boundariesAndScales);
  }

  /** Without a boundary. */
  public static PiecewiseInterpolateSchedule piecewiseInterpolateSchedule(
      InterpolateType interpolateType, double initValue) {
    return piecewiseInterpolateSchedule(interpolateType, initValue, Map.of());
  }

  /** Lines or cosine waves between the values of {@link #piecewiseConstantSchedule}. */
  public static PiecewiseInterpolateSchedule piecewiseInterpolateSchedule(
      InterpolateType interpolateType, double initValue, Map<Integer, Double> boundariesAndScales) {
    return new PiecewiseInterpolateSchedule(interpolateType, initValue, boundariesAndScales);
  }

  /** From step 0 on. */
  public static ExponentialDecay exponentialDecay(
      double initValue, int transitionSteps, double decayRate) {
    return exponentialDecay(initValue, transitionSteps, decayRate, 0);
  }

  /** Smoothly. */
  public static ExponentialDecay exponentialDecay(
      double initValue, int transitionSteps, double decayRate, int transitionBegin) {
    return exponentialDecay(initValue, transitionSteps, decayRate, transitionBegin, false);
  }

  /** Without a bound. */
  public static ExponentialDecay exponentialDecay(
      double initValue,
      int transitionSteps,
      double decayRate,
      int transitionBegin,
      boolean staircase) {
    return exponentialDecay(
        initValue, transitionSteps, decayRate, transitionBegin, staircase, null);
  }

  /** A factor {@code decayRate} every {@code transitionSteps} steps, bounded by the end value. */
  public static ExponentialDecay exponentialDecay(
      double initValue,
      int transitionSteps,
      double decayRate,
      int transitionBegin,
      boolean staircase,
      @Nullable Double endValue) {
    return new ExponentialDecay(
        initValue, transitionSteps, decayRate, transitionBegin, staircase, endValue);
  }

  /** Down to 0. */
  public static CosineDecaySchedule cosineDecaySchedule(double initValue, int decaySteps) {
    return cosineDecaySchedule(initValue, decaySteps, 0);
  }

  /** The wave itself. */
  public static CosineDecaySchedule cosineDecaySchedule(
      double initValue, int decaySteps, double alpha) {
    return cosineDecaySchedule(initValue, decaySteps, alpha, 1);
  }

  /** Half a cosine wave, to a power, in {@code decaySteps} steps, which must be positive. */
  public static CosineDecaySchedule cosineDecaySchedule(
      double initValue, int decaySteps, double alpha, double exponent) {
    return new CosineDecaySchedule(initValue, decaySteps, alpha, exponent);
  }

  /** Down to 0. */
  public static WarmupCosineDecaySchedule warmupCosineDecaySchedule(
      double initValue, double peakValue, int warmupSteps, int decaySteps) {
    return warmupCosineDecaySchedule(initValue, peakValue, warmupSteps, decaySteps, 0);
  }

  /** The wave itself. */
  public static WarmupCosineDecaySchedule warmupCosineDecaySchedule(
      double initValue, double peakValue, int warmupSteps, int decaySteps, double endValue) {
    return warmupCosineDecaySchedule(initValue, peakValue, warmupSteps, decaySteps, endValue, 1);
  }

  /** A line up, then half a cosine wave down; {@code decaySteps} counts both. */
  public static WarmupCosineDecaySchedule warmupCosineDecaySchedule(
      double initValue,
      double peakValue,
      int warmupSteps,
      int decaySteps,
      double endValue,
      double exponent) {
    return new WarmupCosineDecaySchedule(
        initValue, peakValue, warmupSteps, decaySteps, endValue, exponent);
  }

  /** With the decay from the end of the warm-up on. */
  public static WarmupExponentialDecaySchedule warmupExponentialDecaySchedule(
      double initValue, double peakValue, int warmupSteps, int transitionSteps, double decayRate) {
    return warmupExponentialDecaySchedule(
        initValue, peakValue, warmupSteps, transitionSteps, decayRate, 0);
  }

  /** Smoothly. */
  public static WarmupExponentialDecaySchedule warmupExponentialDecaySchedule(
      double initValue,
      double peakValue,
      int warmupSteps,
      int transitionSteps,
      double decayRate,
      int transitionBegin) {
    return warmupExponentialDecaySchedule(
        initValue, peakValue, warmupSteps, transitionSteps, decayRate, transitionBegin, false);
  }

  /** Without a bound. */
  public static WarmupExponentialDecaySchedule warmupExponentialDecaySchedule(
      double initValue,
      double peakValue,
      int warmupSteps,
      int transitionSteps,
      double decayRate,
      int transitionBegin,
      boolean staircase) {
    return warmupExponentialDecaySchedule(
        initValue,
        peakValue,
        warmupSteps,
        transitionSteps,
        decayRate,
        transitionBegin,
        staircase,
        null);
  }

  /** A line up, then {@link #exponentialDecay} from the peak. */
  public static WarmupExponentialDecaySchedule warmupExponentialDecaySchedule(
      double initValue,
      double peakValue,
      int warmupSteps,
      int transitionSteps,
      double decayRate,
      int transitionBegin,
      boolean staircase,
      @Nullable Double endValue) {
    return new WarmupExponentialDecaySchedule(
        initValue,
        peakValue,
        warmupSteps,
        transitionSteps,
        decayRate,
        transitionBegin,
        staircase,
        endValue);
  }

  /** A line up, then constant; {@code warmupSteps <= 0} keeps {@code initValue}. */
  public static WarmupConstantSchedule warmupConstantSchedule(
      double initValue, double peakValue, int warmupSteps) {
    return new WarmupConstantSchedule(initValue, peakValue, warmupSteps);
  }

  /** With {@code pctStart} 0.3. */
  public static LinearOnecycleSchedule linearOnecycleSchedule(
      int transitionSteps, double peakValue) {
    return linearOnecycleSchedule(transitionSteps, peakValue, 0.3);
  }

  /** With {@code pctFinal} 0.85. */
  public static LinearOnecycleSchedule linearOnecycleSchedule(
      int transitionSteps, double peakValue, double pctStart) {
    return linearOnecycleSchedule(transitionSteps, peakValue, pctStart, 0.85);
  }

  /** With {@code divFactor} 25. */
  public static LinearOnecycleSchedule linearOnecycleSchedule(
      int transitionSteps, double peakValue, double pctStart, double pctFinal) {
    return linearOnecycleSchedule(transitionSteps, peakValue, pctStart, pctFinal, 25);
  }

  /** With {@code finalDivFactor} 10,000. */
  public static LinearOnecycleSchedule linearOnecycleSchedule(
      int transitionSteps, double peakValue, double pctStart, double pctFinal, double divFactor) {
    return linearOnecycleSchedule(transitionSteps, peakValue, pctStart, pctFinal, divFactor, 1e4);
  }

  /** Up, back and out in three lines; steps and both factors must be positive. */
  public static LinearOnecycleSchedule linearOnecycleSchedule(
      int transitionSteps,
      double peakValue,
      double pctStart,
      double pctFinal,
      double divFactor,
      double finalDivFactor) {
    return new LinearOnecycleSchedule(
        transitionSteps, peakValue, pctStart, pctFinal, divFactor, finalDivFactor);
  }

  /** With {@code pctStart} 0.3. */
  public static CosineOnecycleSchedule cosineOnecycleSchedule(
      int transitionSteps, double peakValue) {
    return cosineOnecycleSchedule(transitionSteps, peakValue, 0.3);
  }

  /** With {@code divFactor} 25. */
  public static CosineOnecycleSchedule cosineOnecycleSchedule(
      int transitionSteps, double peakValue, double pctStart) {
    return cosineOnecycleSchedule(transitionSteps, peakValue, pctStart, 25);
  }

  /** With {@code finalDivFactor} 10,000. */
  public static CosineOnecycleSchedule cosineOnecycleSchedule(
      int transitionSteps, double peakValue, double pctStart, double divFactor) {
    return cosineOnecycleSchedule(transitionSteps, peakValue, pctStart, divFactor, 1e4);
  }

  /** Up and down in two half cosine waves; steps and both factors must be positive. */
  public static CosineOnecycleSchedule cosineOnecycleSchedule(
      int transitionSteps,
      double peakValue,
      double pctStart,
      double divFactor,
      double finalDivFactor) {
    return new CosineOnecycleSchedule(
        transitionSteps, peakValue, pctStart, divFactor, finalDivFactor);
  }

  /** Cosine decay with warm restarts: one cycle after the other. */
  public static SgdrSchedule sgdrSchedule(List<WarmupCosineDecaySchedule> cosineKwargs) {
    return new SgdrSchedule(cosineKwargs);
  }

  /** One schedule after the other, each counted from its boundary. */
  public static JoinSchedules joinSchedules(
      List<? extends Schedule> schedules, List<Integer> boundaries) {
    return new JoinSchedules(List.copyOf(schedules), boundaries);
  }
}
