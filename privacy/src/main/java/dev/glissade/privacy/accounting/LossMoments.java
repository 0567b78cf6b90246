package dev.glissade.privacy.accounting;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The logarithm of the moments of many steps' losses, {@code K(t) = log E[e^(t loss)]} over finite
 * losses, which bounds how far their sum may reach (Chernoff).
 *
 * @param grid the step of the losses' grid
 */
record LossMoments(List<Kind> kinds, double grid) {
  /** A part this much smaller than the largest, in logs, adds nothing. */
  private static final double SMALL = -50;

  /** Powers of two that t may be, times the unit. */
  private static final int MOST_DOUBLINGS = 60;

  /** Of the way from one power of two to the next; moments may change suddenly. */
  private static final int HALVINGS = 12;

  /** One over how coarse rough losses are, beside their distance from the likeliest. */
  private static final int FINE = 512;

  /** K and its derivative, the mean of the tilted losses. */
  record At(double t, double log, double mean) {

    /** The logarithm of Chernoff's bound on the probability of a loss above the mean. */
    double logBound() {
      return log - t * mean;
    }
  }

  /**
   * Steps of one kind.
   *
   * @param losses ascending
   * @param logs of their probabilities
   */
  record Kind(double[] losses, double[] logs, long steps) {

    static Kind exact(LossDistribution loss, double grid, long steps) {
      double[] losses = new double[loss.probabilities().length];
      double[] logs = new double[losses.length];
      for (int i = 0; i < losses.length; i++) {
        losses[i] = (loss.first() + i) * grid;
        logs[i] = Math.log(loss.probabilities()[i]);
      }
      return new Kind(losses, logs, steps);
    }

    /**
     * Of a few thousand losses, each the mean of some: the more, the farther from the likeliest.
     */
    static Kind rough(LossDistribution loss, double grid, long steps) {
      double[] probabilities = loss.probabilities();
      int likeliest = 0;
      for (int i = 0; i < probabilities.length; i++) {
        likeliest = probabilities[i] > probabilities[likeliest] ? i : likeliest;
      }
      double[] losses = new double[probabilities.length];
      double[] logs = new double[probabilities.length];
      int count = 0;
      int end = 0;
      while (end < probabilities.length) {
        double sum = 0;
        double weighted = 0;
        int begin = end;
        end = Math.min(probabilities.length, begin + 1 + Math.abs(begin - likeliest) / FINE);
        for (int i = begin; i < end; i++) {
          sum += probabilities[i];
          weighted += probabilities[i] * (loss.first() + i);
        }
        losses[count] = sum > 0 ? weighted / sum * grid : (loss.first() + begin) * grid;
        logs[count++] = Math.log(sum);
      }
      return new Kind(Arrays.copyOf(losses, count), Arrays.copyOf(logs, count), steps);
    }

    /** log E[e^(t loss)] and the tilted mean, of one step. */
    At at(double t) {
      double largest = Double.NEGATIVE_INFINITY;
      for (int i = 0; i < logs.length; i++) {
        largest = Math.max(largest, logs[i] + t * losses[i]);
      }
      double sum = 0;
      double weighted = 0;
      for (int i = 0; i < logs.length; i++) {
        double part = logs[i] + t * losses[i] - largest;
        if (part > SMALL) {
          double weight = Math.exp(part);
          sum += weight;
          weighted += weight * losses[i];
        }
      }
      return new At(t, largest + Math.log(sum), weighted / sum);
    }
  }

  /** Of all steps, exact or rough, which is enough to search by. */
  static LossMoments of(
      List<LossDistribution> one, List<SampledGaussian> all, double grid, boolean exact) {
    List<Kind> kinds = new ArrayList<>();
    for (int j = 0; j < all.size(); j++) {
      long steps = all.get(j).steps();
      kinds.add(exact ? Kind.exact(one.get(j), grid, steps) : Kind.rough(one.get(j), grid, steps));
    }
    return new LossMoments(kinds, grid);
  }

  /** K(t) of all steps. */
  At at(double t) {
    double log = 0;
    double mean = 0;
    for (Kind kind : kinds) {
      At one = kind.at(t);
      log += kind.steps() * one.log();
      mean += kind.steps() * one.mean();
    }
    return new At(t, log, mean);
  }

  /** The tilt at which Chernoff's bound is this probability, about. */
  double ofProbability(double log) {
    return tilt(at -> at.logBound() > log);
  }

  /** The tilt that makes this the mean, or 0 where the mean is more anyway. */
  double ofMean(double loss) {
    return at(0).mean() >= loss ? 0 : tilt(at -> at.mean() < loss);
  }

  /** Which t are still too small. */
  private interface TooSmall {
    boolean is(At at);
  }

  /** By powers of two first; no t is larger than one over the grid. */
  private double tilt(TooSmall tooSmall) {
    double unit = Math.scalb(1 / grid, -MOST_DOUBLINGS);
    int low = 0;
    int high = MOST_DOUBLINGS;
    while (high - low > 1) {
      int middle = (low + high) >>> 1;
      if (tooSmall.is(at(Math.scalb(unit, middle)))) {
        low = middle;
      } else {
        high = middle;
      }
    }
    double little = Math.scalb(unit, low);
    double enough = Math.scalb(unit, high);
    for (int i = 0; i < HALVINGS; i++) {
      double middle = Math.sqrt(little * enough);
      if (tooSmall.is(at(middle))) {
        little = middle;
      } else {
        enough = middle;
      }
    }
    return enough;
  }

  /**
   * The h, negative with the sign, at which {@link #bound} is best; the bound first falls and then
   * rises in h.
   *
   * @param sign 1 or -1
   */
  double reach(double t, int sign, double log) {
    At tilt = at(t);
    double unit = Math.scalb(sign / grid, -MOST_DOUBLINGS);
    int low = 0;
    int high = MOST_DOUBLINGS + 2;
    while (low < high) {
      int middle = (low + high) / 2;
      if (bound(tilt, Math.scalb(unit, middle), log)
          <= bound(tilt, Math.scalb(unit, middle + 1), log)) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return Math.scalb(unit, low);
  }

  /**
   * Beyond which the sum of the tilted losses, or for a negative h minus the sum, is with at most
   * the probability e^log: {@code (K(t + h) - K(t) - log) / |h|} (Chernoff).
   */
  double bound(At tilt, double h, double log) {
    return (at(tilt.t() + h).log() - tilt.log() - log) / Math.abs(h);
  }
}
