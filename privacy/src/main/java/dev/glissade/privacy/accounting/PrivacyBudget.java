package dev.glissade.privacy.accounting;

import dev.glissade.records.Check;
import java.util.List;
import java.util.function.Supplier;

/**
 * An epsilon and a delta, and what they allow: the noise, the number of steps or the sampling rate,
 * given the others. What is found keeps the budget; it is within one part in 10,000 of what is just
 * allowed. A search takes some ten of the accountant's figures.
 */
public final class PrivacyBudget {
  private static final double PRECISION = 1e-4;
  private static final double MOST_NOISE = 1e60;
  private static final double LEAST_RATE = 1e-12;
  private static final long MOST_STEPS = 1L << 40;

  private final double epsilon;
  private final double delta;
  private final Supplier<? extends Accountant> accountant;
  private final List<GaussianSteps> spent;
  private final BudgetCache cache;

  private PrivacyBudget(
      double epsilon,
      double delta,
      Supplier<? extends Accountant> accountant,
      List<GaussianSteps> spent,
      BudgetCache cache) {
    this.epsilon = epsilon;
    this.delta = delta;
    this.accountant = accountant;
    this.spent = spent;
    this.cache = cache;
  }

  /** Returns this budget, kept by {@link TightestAccountant}. */
  public static PrivacyBudget of(double epsilon, double delta) {
    return of(epsilon, delta, TightestAccountant::new);
  }

  /** Returns this budget, kept by accountants of this kind. */
  public static PrivacyBudget of(
      double epsilon, double delta, Supplier<? extends Accountant> accountant) {
    Check.positive("epsilon", epsilon);
    RenyiAccountant.requireDelta(delta);
    BudgetCache cache = new BudgetCache(total -> with(accountant, total).keeps(epsilon, delta));
    return new PrivacyBudget(epsilon, delta, accountant, List.of(), cache);
  }

  private static Accountant with(
      Supplier<? extends Accountant> accountant, List<? extends GaussianSteps> all) {
    Accountant fresh = accountant.get();
    all.forEach(fresh::add);
    return fresh;
  }

  /** Returns what is left of this budget when these steps were taken. */
  public PrivacyBudget after(List<? extends GaussianSteps> spent) {
    return new PrivacyBudget(epsilon, delta, accountant, List.copyOf(spent), cache);
  }

  /**
   * Returns whether the budget allows these steps. Remembers what it was told, for this budget
   * after whatever steps: of thousands of calls about growing numbers of steps all but a hundred or
   * so are answered at once.
   */
  public boolean allows(GaussianSteps steps) {
    StepCounts total = new StepCounts();
    spent.forEach(total::add);
    total.add(steps);
    return cache.allows(total);
  }

  /** Returns the epsilon of these steps beside those that were spent. */
  private double stated(GaussianSteps steps) {
    Accountant fresh = with(accountant, spent);
    fresh.add(steps);
    return fresh.epsilon(delta).epsilon();
  }

  /**
   * Returns the smallest noise multiplier.
   *
   * @throws IllegalArgumentException if no noise is enough
   */
  public double noiseMultiplierFor(double samplingRate, long steps) {
    SampledGaussian kind = new SampledGaussian(samplingRate, 1, steps);
    if (kind.isNothing()) {
      return 0;
    }
    if (!(stated(kind.withCount(0)) <= epsilon)) {
      throw new IllegalArgumentException(
          "no noise keeps epsilon, the steps before exceed it: " + epsilon);
    }
    // by the privacy that 1 / noise takes away, which grows as epsilon does
    IllinoisSearch search =
        new IllinoisSearch(
            epsilon,
            PRECISION / 2,
            inverse -> stated(new SampledGaussian(samplingRate, 1 / inverse, steps)));
    double inverse = search.largest(1, 1 / MOST_NOISE, MOST_NOISE);
    if (inverse == 0) {
      throw new IllegalArgumentException(
          "no noise multiplier up to %s keeps epsilon %s at delta %s"
              .formatted(MOST_NOISE, epsilon, delta));
    }
    return 1 / inverse;
  }

  /** Returns the largest number of steps, at most 2^40; 0 if not one is allowed. */
  public long stepsFor(double samplingRate, double noiseMultiplier) {
    return stepsFor(new SampledGaussian(samplingRate, noiseMultiplier, 1));
  }

  /** Returns the largest count of steps of this kind, at most 2^40; 0 if not one is allowed. */
  public long stepsFor(GaussianSteps kind) {
    IllinoisSearch search =
        new IllinoisSearch(epsilon, 0, count -> stated(kind.withCount((long) count)))
            .ofWholeNumbers();
    return (long) search.largest(1, 1, MOST_STEPS);
  }

  /** Returns the largest sampling rate; 0 if none is allowed, or none above 1e-12. */
  public double samplingRateFor(double noiseMultiplier, long steps) {
    IllinoisSearch search =
        new IllinoisSearch(
            epsilon,
            PRECISION / 2,
            rate -> stated(new SampledGaussian(rate, noiseMultiplier, steps)));
    return search.largest(1, LEAST_RATE, 1);
  }
}
