package dev.glissade.arena.report;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * The runs of one optimizer, which differ by their seed.
 *
 * @param mean the mean of the runs
 * @param bySeed each run by its seed; not empty
 */
public record Trials(Run mean, SortedMap<Long, Run> bySeed) {

  /** Copies the map. */
  public Trials {
    bySeed = Collections.unmodifiableSortedMap(new TreeMap<>(bySeed));
    if (bySeed.isEmpty()) {
      throw new IllegalArgumentException("bySeed must have a run, but was empty");
    }
  }

  /** Makes the trials of a single run. */
  public static Trials of(long seed, Run run) {
    return new Trials(run, new TreeMap<>(Collections.singletonMap(seed, run)));
  }

  /** Returns the name of the optimizer. */
  public String label() {
    return mean.label();
  }

  /** Returns whether a run diverged. */
  public boolean diverged() {
    return mean.diverged();
  }

  /** Returns the runs in the order of their seeds. */
  public List<Run> runs() {
    return List.copyOf(bySeed.values());
  }

  /** Returns a number of each run by its seed. */
  SortedMap<Long, Double> numbers(ToDoubleFunction<Run> number) {
    SortedMap<Long, Double> numbers = new TreeMap<>();
    bySeed.forEach((seed, run) -> numbers.put(seed, number.applyAsDouble(run)));
    return numbers;
  }

  /** Returns the mean and the spread of a number over the seeds. */
  public Statistics statistics(ToDoubleFunction<Run> number) {
    return Statistics.of(bySeed.values().stream().mapToDouble(number).toArray());
  }

  /** Returns the seconds of all runs together. */
  double totalSeconds() {
    return bySeed.values().stream().mapToDouble(Run::seconds).sum();
  }

  /**
   * Returns the lowest and the highest value of a curve over the seeds, at each of its first n
   * points; NaN where a run's value is not finite.
   */
  double[][] range(Function<Run, double[]> curve, int n) {
    double[][] range = {new double[n], new double[n]};
    for (int i = 0; i < n; i++) {
      int at = i;
      range[0][i] =
          runs().stream()
              .mapToDouble(run -> curve.apply(run)[at])
              .reduce(Math::min)
              .orElse(Double.NaN);
      range[1][i] =
          runs().stream()
              .mapToDouble(run -> curve.apply(run)[at])
              .reduce(Math::max)
              .orElse(Double.NaN);
    }
    return range;
  }
}
