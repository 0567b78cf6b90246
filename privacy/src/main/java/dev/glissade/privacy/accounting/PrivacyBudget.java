package dev.glissade.privacy.accounting;

import dev.glissade.records.Check;
import java.util.List;
import java.util.function.Supplier;

/**
 * An epsilon and a delta. Finds the noise multiplier, the number of steps or the sampling rate that
 * they allow, given the other two. What it finds keeps the budget and is within one part in 10,000
 * of the limit. A search evaluates the accountant about ten times, which takes seconds.
 *
 * <p>A budget remembers what it found or was told to be allowed, and then allows fewer steps of the
 * same kind without asking the accountant. Thread-safe.
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

  /**
   * Returns a budget whose accountant is {@link TightestAccountant}.
   *
   * @param epsilon the largest epsilon allowed, positive
   * @param delta the delta that the epsilon is stated for, between 0 and 1
   * @return the budget, with nothing spent
   */
  public static PrivacyBudget of(double epsilon, double delta) {
    return of(epsilon, delta, TightestAccountant::new);
  }

  /**
   * Returns a budget with a given kind of accountant.
   *
   * @param epsilon the largest epsilon allowed, positive
   * @param delta the delta that the epsilon is stated for, between 0 and 1
   * @param accountant creates a new accountant without steps
   * @return the budget, with nothing spent
   */
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

  /**
   * Returns what is left of this budget after some steps.
   *
   * @param spent all steps taken, in place of those that this budget has; the accountant adds them
   *     to whatever the new budget is asked about
   * @return a budget that shares what this one remembers
   */
  public PrivacyBudget after(List<? extends GaussianSteps> spent) {
    return new PrivacyBudget(epsilon, delta, accountant, List.copyOf(spent), cache);
  }

  /**
   * Returns whether the budget allows these steps after those already spent. Of thousands of calls
   * about growing step counts, only a hundred or so ask the accountant.
   *
   * @param steps the steps to take
   * @return whether all steps together keep the budget
   */
  public boolean allows(GaussianSteps steps) {
    return cache.allows(totalWith(steps));
  }

  private StepCounts totalWith(GaussianSteps steps) {
    StepCounts total = new StepCounts();
    spent.forEach(total::add);
    total.add(steps);
    return total;
  }

  /** Returns the epsilon of these steps together with those already spent. */
  private double stated(GaussianSteps steps) {
    Accountant fresh = with(accountant, spent);
    fresh.add(steps);
    return fresh.epsilon(delta).epsilon();
  }

  /**
   * Returns the smallest noise multiplier that allows some steps, and remembers that they are
   * allowed.
   *
   * @param samplingRate the probability that an example is in a batch, from 0 to 1
   * @param steps the number of steps, at least 0
   * @return the noise's standard deviation over the sensitivity; 0 if the steps reveal nothing
   * @throws IllegalArgumentException if no noise multiplier up to 1e60 is enough, or if the steps
   *     already spent exceed the budget
   */
  public double noiseMultiplierFor(double samplingRate, long steps) {
    SampledGaussian kind = new SampledGaussian(samplingRate, 1, steps);
    if (kind.isNothing()) {
      return 0;
    }
    if (!(stated(kind.withCount(0)) <= epsilon)) {
      throw new IllegalArgumentException(
          "the steps already spent must stay within epsilon %s at delta %s, but exceeded it"
              .formatted(epsilon, delta));
    }
    // Search over 1 / noise, which grows with epsilon.
    IllinoisSearch search =
        new IllinoisSearch(
            epsilon,
            PRECISION / 2,
            inverse -> stated(new SampledGaussian(samplingRate, 1 / inverse, steps)));
    double inverse = search.largest(1, 1 / MOST_NOISE, MOST_NOISE);
    if (inverse == 0) {
      throw new IllegalArgumentException(
          "a noise multiplier of at most %s must stay within epsilon %s at delta %s, but none did"
              .formatted(MOST_NOISE, epsilon, delta));
    }
    double noise = 1 / inverse;
    cache.remember(totalWith(new SampledGaussian(samplingRate, noise, steps)));
    return noise;
  }

  /**
   * Returns the largest number of steps with Poisson sampling, and remembers that they are allowed.
   *
   * @param samplingRate the probability that an example is in a batch, from 0 to 1
   * @param noiseMultiplier the noise's standard deviation over the sensitivity
   * @return the number of steps, exact up to 2^20, then to one part in 2^20; at most 2^40; 0 if the
   *     budget does not allow a single step
   */
  public long stepsFor(double samplingRate, double noiseMultiplier) {
    return stepsFor(new SampledGaussian(samplingRate, noiseMultiplier, 1));
  }

  /**
   * Returns the largest count of steps of one kind, and remembers that they are allowed.
   *
   * @param kind the kind of steps; its count is ignored
   * @return the count, exact up to 2^20, then to one part in 2^20; at most 2^40; 0 if the budget
   *     does not allow a single one
   */
  public long stepsFor(GaussianSteps kind) {
    IllinoisSearch search =
        new IllinoisSearch(epsilon, 0, count -> stated(kind.withCount((long) count)))
            .ofWholeNumbers();
    long count = (long) search.largest(1, 1, MOST_STEPS);
    if (count > 0) {
      cache.remember(totalWith(kind.withCount(count)));
    }
    return count;
  }

  /**
   * Returns the largest sampling rate that allows some steps.
   *
   * @param noiseMultiplier the noise's standard deviation over the sensitivity
   * @param steps the number of steps, at least 0
   * @return the rate, at most 1; 0 if the budget does not allow a rate of at least 1e-12
   */
  public double samplingRateFor(double noiseMultiplier, long steps) {
    IllinoisSearch search =
        new IllinoisSearch(
            epsilon,
            PRECISION / 2,
            rate -> stated(new SampledGaussian(rate, noiseMultiplier, steps)));
    return search.largest(1, LEAST_RATE, 1);
  }
}
