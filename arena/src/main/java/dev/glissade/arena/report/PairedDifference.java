package dev.glissade.arena.report;

import java.util.Map;
import org.apache.commons.statistics.distribution.TDistribution;

/**
 * The mean difference of two optimizers over the seeds that both have. Equal seeds share the split,
 * the initial parameters and the order of the examples, so the difference for a seed has less noise
 * than either number.
 *
 * @param halfWidth half the width of the 95 % confidence interval, by Student's t distribution; NaN
 *     with fewer than two seeds, or fewer than five whose differences are all equal: that is chance
 * @param pairs the number of seeds
 */
public record PairedDifference(double mean, double halfWidth, int pairs) {
  private static final double UPPER_TAIL = 0.975;
  private static final int FEW = 5;

  /** The deviation of differences that are equal but for rounding. */
  private static final double ROUNDING = 1e-12;

  /** Returns the difference a - b by seed. */
  public static PairedDifference of(Map<Long, Double> a, Map<Long, Double> b) {
    double[] differences =
        a.entrySet().stream()
            .filter(entry -> b.containsKey(entry.getKey()))
            .mapToDouble(entry -> entry.getValue() - b.getOrDefault(entry.getKey(), Double.NaN))
            .toArray();
    Statistics statistics = Statistics.of(differences);
    int n = differences.length;
    double halfWidth =
        n < 2 || (n < FEW && statistics.deviation() < ROUNDING)
            ? Double.NaN
            : TDistribution.of(n - 1.0).inverseCumulativeProbability(UPPER_TAIL)
                * statistics.deviation()
                / Math.sqrt(n);
    return new PairedDifference(statistics.mean(), halfWidth, n);
  }

  /** Returns whether there is a confidence interval. */
  public boolean hasInterval() {
    return Double.isFinite(halfWidth);
  }

  /** Returns whether the interval includes 0, so that the difference may be noise. */
  public boolean mayBeNoise() {
    return !(Math.abs(mean) > halfWidth);
  }
}
