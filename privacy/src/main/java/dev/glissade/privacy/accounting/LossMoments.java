package dev.glissade.privacy.accounting;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The logarithm of the moments of many steps' losses, {@code K(t) = log E[e^(t loss)]} over finite
 * losses, which bounds the tails of their sum (Chernoff).
 *
 * @param kinds the losses of each kind of steps
 * @param grid the step of the losses' grid
 */
record LossMoments(List<Kind> kinds, double grid) {
  /** A term whose logarithm is this much below the largest is left out. */
  private static final double SMALL = -50;

  /** The range of t: from the unit to the unit times 2 to this power. */
  private static final int MOST_DOUBLINGS = 60;

  /** Bisections between one power of two and the next; moments may change suddenly. */
  private static final int HALVINGS = 12;

  /** Rough losses are merged over 1/512 of their distance from the likeliest. */
  private static final int FINE = 512;

  /**
   * K at one t.
   *
   * @param log K(t)
   * @param mean K'(t), the mean of the tilted losses
   */
  record At(double t, double log, double mean) {

    /** Returns the logarithm of Chernoff's bound on the probability of a loss above the mean. */
    double logBound() {
      return log - t * mean;
    }
  }

  /**
   * The losses of one kind of steps.
   *
   * @param losses the losses of one step, ascending
   * @param logs the logarithms of their probabilities
   * @param steps the number of steps
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

    /** Merges the losses into a few thousand means; far from the likeliest, each covers more. */
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

    /** Computes log E[e^(t loss)] and the tilted mean of one step. */
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

  /** Returns the moments of all steps, exact or rough; rough ones are enough for a search. */
  static LossMoments of(
      List<LossDistribution> one, List<SampledGaussian> all, double grid, boolean exact) {
    List<Kind> kinds = new ArrayList<>();
    for (int j = 0; j < all.size(); j++) {
      long steps = all.get(j).steps();
      kinds.add(exact ? Kind.exact(one.get(j), grid, steps) : Kind.rough(one.get(j), grid, steps));
    }
    return new LossMoments(kinds, grid);
  }

  /** Computes K(t) of all steps. */
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

  /** Returns the tilt at which Chernoff's bound is about this probability, given as a logarithm. */
  double ofProbability(double log) {
    return tilt(at -> at.logBound() > log);
  }

  /** Returns the tilt that makes this the mean, or 0 if the mean is at least this without one. */
  double ofMean(double loss) {
    return at(0).mean() >= loss ? 0 : tilt(at -> at.mean() < loss);
  }

  /** Says whether a t is still too small. */
  private interface TooSmall {
    boolean is(At at);
  }

  /** Searches for a tilt, by powers of two first; no t is larger than 1 / grid. */
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
   * Returns the h of the given sign at which {@link #bound} is smallest; as |h| grows, the bound
   * first falls and then rises.
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
   * Computes a bound that the sum of the tilted losses, or minus the sum for a negative h, exceeds
   * with probability at most e^log: {@code (K(t + h) - K(t) - log) / |h|} (Chernoff).
   */
  double bound(At tilt, double h, double log) {
    return (at(tilt.t() + h).log() - tilt.log() - log) / Math.abs(h);
  }
}
