package dev.glissade.privacy.accounting;

import dev.glissade.tree.Check;
import java.util.List;
import java.util.function.Supplier;

/**
 * Finds what a privacy budget allows: the noise, the number of steps or the sampling rate, given
 * the others. What is found keeps the budget; it is within one part in 10,000 of what is just
 * allowed.
 */
public final class Calibration {
  private static final double PRECISION = 1e-4;
  private static final double MOST_NOISE = 1e6;

  private final double epsilon;
  private final double delta;
  private final Supplier<? extends Accountant> accountant;
  private final List<GaussianSteps> spent;

  private Calibration(
      double epsilon,
      double delta,
      Supplier<? extends Accountant> accountant,
      List<GaussianSteps> spent) {
    this.epsilon = Check.positive("epsilon", epsilon);
    RenyiAccountant.requireDelta(delta);
    this.delta = delta;
    this.accountant = accountant;
    this.spent = List.copyOf(spent);
  }

  /** For this budget, by Renyi orders. */
  public static Calibration of(double epsilon, double delta) {
    return new Calibration(epsilon, delta, RenyiAccountant::new, List.of());
  }

  /** For this budget, by accountants of this kind. */
  public static Calibration of(
      double epsilon, double delta, Supplier<? extends Accountant> accountant) {
    return new Calibration(epsilon, delta, accountant, List.of());
  }

  /** For what is left of this budget when these steps were taken. */
  public Calibration after(List<? extends GaussianSteps> spent) {
    return new Calibration(epsilon, delta, accountant, List.copyOf(spent));
  }

  private boolean isKept(double q, double sigma, long steps) {
    return isKept(new SampledGaussian(q, sigma, steps));
  }

  /** Whether these steps keep the budget. */
  public boolean isKept(GaussianSteps steps) {
    Accountant fresh = accountant.get();
    spent.forEach(fresh::add);
    fresh.add(steps);
    return fresh.epsilon(delta).epsilon() <= epsilon;
  }

  /**
   * The smallest noise multiplier.
   *
   * @throws IllegalArgumentException if no noise is enough
   */
  public double noiseMultiplierFor(double samplingRate, long steps) {
    if (new SampledGaussian(samplingRate, 1, steps).isNothing()) {
      return 0;
    }
    double enough = 1;
    while (!isKept(samplingRate, enough, steps)) {
      enough *= 2;
      Check.that(enough <= MOST_NOISE, "no noise keeps epsilon", epsilon);
    }
    double little = enough / 2;
    while (isKept(samplingRate, little, steps)) {
      enough = little;
      little /= 2;
    }
    while (enough - little > PRECISION * little) {
      double middle = (enough + little) / 2;
      if (isKept(samplingRate, middle, steps)) {
        enough = middle;
      } else {
        little = middle;
      }
    }
    return enough;
  }

  /** The largest number of steps, at most 2^40; 0 if not one is allowed. */
  public long stepsFor(double samplingRate, double noiseMultiplier) {
    return stepsFor(new SampledGaussian(samplingRate, noiseMultiplier, 1));
  }

  /** The largest count of steps of this kind, at most 2^40; 0 if not one is allowed. */
  public long stepsFor(GaussianSteps kind) {
    long most = 1L << 40;
    if (isKept(kind.withCount(most))) {
      return most;
    }
    long kept = 0;
    long tooMany = 1;
    while (isKept(kind.withCount(tooMany))) {
      kept = tooMany;
      tooMany *= 2;
    }
    while (tooMany - kept > 1) {
      long middle = kept + (tooMany - kept) / 2;
      if (isKept(kind.withCount(middle))) {
        kept = middle;
      } else {
        tooMany = middle;
      }
    }
    return kept;
  }

  /** The largest sampling rate; 0 if none is allowed. */
  public double samplingRateFor(double noiseMultiplier, long steps) {
    if (isKept(1, noiseMultiplier, steps)) {
      return 1;
    }
    double kept = 0;
    double tooMuch = 1;
    while (tooMuch - kept > PRECISION * tooMuch && tooMuch > 1e-12) {
      double middle = kept == 0 ? tooMuch / 10 : (kept + tooMuch) / 2;
      if (isKept(middle, noiseMultiplier, steps)) {
        kept = middle;
      } else {
        tooMuch = middle;
      }
    }
    return kept;
  }
}
