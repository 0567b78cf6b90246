package dev.glissade.privacy.accounting;

import org.apache.commons.numbers.gamma.ErfDifference;
import org.apache.commons.numbers.gamma.Erfc;

/**
 * The privacy loss log(P/Q) of one step under P, on a grid. P and Q are the normal distribution
 * around 0 and its mixture with the one around 1, or vice versa. Each cell's probability is split
 * between the two ends of the cell so that it is preserved under both P and Q ("connect the dots",
 * Doroshenko, Ghazi, Kamath, Kumar and Manurangsi 2022), which never understates the loss. The
 * rounding error of a cell is added to its probability and to the part that goes to its upper end,
 * so the bound holds for the computed numbers too.
 *
 * @param first the index of the first grid point; a grid point's loss is its index times the grid's
 *     step
 * @param probabilities the probabilities of the grid points, none too small
 * @param infinite the probability of an infinite loss
 */
record LossDistribution(long first, double[] probabilities, double infinite) {

  /**
   * Computes the largest minus the smallest loss of one step; may be infinite.
   *
   * @param deviations how many of the noise's standard deviations to cover
   */
  static double span(double q, double sigma, double deviations) {
    Mechanism mechanism = new Mechanism(q, sigma, true);
    return mechanism.loss(1 + deviations * sigma) - mechanism.loss(-deviations * sigma);
  }

  /**
   * Computes the loss of one step.
   *
   * @param removing whether P is the mixture, that is, whether an example is removed
   * @param deviations how many of the noise's standard deviations to cover; outcomes beyond count
   *     as revealing everything
   */
  static LossDistribution of(
      double q, double sigma, boolean removing, double grid, double deviations) {
    Mechanism mechanism = new Mechanism(q, sigma, removing);
    double a = mechanism.loss(-deviations * sigma);
    double b = mechanism.loss(1 + deviations * sigma);
    long first = (long) Math.floor(Math.min(a, b) / grid);
    long last = (long) Math.ceil(Math.max(a, b) / grid);
    double[] probabilities = new double[Math.toIntExact(last - first) + 1];
    double outcome = mechanism.outcome(first * grid);
    for (long i = first; i < last; i++) {
      double next = mechanism.outcome((i + 1) * grid);
      int at = (int) (i - first);
      mechanism.cell(i * grid, grid, outcome, next, probabilities, at);
      outcome = next;
    }
    // Losses below the grid count at its first point, those above it as infinite.
    double[] ends = mechanism.outside(first * grid, last * grid);
    probabilities[0] += ends[0];
    return new LossDistribution(first, probabilities, ends[1]);
  }

  /** Computes the probabilities of intervals of the loss. */
  private record Mechanism(double q, double sigma, boolean removing) {
    private static final double ROOT2 = Math.sqrt(2);

    /** Bounds the relative error of one function's value, a few units in the last place. */
    private static final double ROUNDING = 0x1p-51;

    /** Beyond this u, formulas use e^-u in place of e^u, which could overflow. */
    private static final double LARGE = 30;

    /** Returns the loss of an outcome. */
    double loss(double x) {
      double u = (2 * x - 1) / (2 * sigma * sigma);
      double log = q == 1 ? u : logMixture(u);
      return removing ? log : -log;
    }

    /** Computes log(1 - q + q e^u) without cancellation. */
    private double logMixture(double u) {
      if (u > LARGE) {
        return u + Math.log(q + (1 - q) * Math.exp(-u));
      }
      double x = q * Math.expm1(u);
      return x > -0.5 ? Math.log1p(x) : Math.log((1 - q) + q * Math.exp(u));
    }

    /** Returns the outcome that has a loss; infinite if none has it. */
    double outcome(double loss) {
      double log = removing ? loss : -loss;
      return sigma * sigma * exponent(log) + 0.5;
    }

    /** Solves log(1 - q + q e^u) = log for u. */
    private double exponent(double log) {
      if (q == 1) {
        return log;
      }
      if (log > LARGE) {
        return log + Math.log1p(-(1 - q) * Math.exp(-log)) - Math.log(q);
      }
      double x = Math.expm1(log) / q;
      return x <= -1 ? Double.NEGATIVE_INFINITY : Math.log1p(x);
    }

    private double around0(double x, double y) {
      return ErfDifference.value(x / (sigma * ROOT2), y / (sigma * ROOT2)) / 2;
    }

    /** Adds the probability of a cell, between outcomes a and b, to its two grid points. */
    void cell(double from, double grid, double a, double b, double[] probabilities, int at) {
      double x = Math.min(a, b);
      double y = Math.max(a, b);
      if (!(y > x)) {
        return;
      }
      double zero = around0(x, y);
      double one = around0(x - 1, y - 1);
      double relative = relativeError(x, y);
      double p = (removing ? (1 - q) * zero + q * one : zero) * (1 + relative);
      // up e^-to + (p - up) e^-from is the probability under Q, where P - e^from Q is written
      // without the terms that cancel. If up is not known, everything goes to the upper end.
      double back = removing ? 1 : -Math.exp(from);
      double excess = q * back * (one - zero) - zero * Math.expm1(from);
      double error = q * Math.abs(back) * (one + zero) + zero * Math.abs(Math.expm1(from));
      double up = (excess + relative * error) / -Math.expm1(-grid);
      boolean known = Math.min(zero, one) > Double.MIN_NORMAL && !Double.isNaN(up);
      double kept = known ? Math.max(0, Math.min(p, up)) : p;
      probabilities[at + 1] += kept;
      probabilities[at] += p - kept;
    }

    /**
     * Bounds the relative error of the probability of outcomes from x to y, which is a difference
     * of two numbers at places that are rounded themselves.
     */
    private double relativeError(double x, double y) {
      double out = 1 + (1 + Math.min(Math.abs(x), Math.abs(y))) / sigma;
      return ROUNDING * (1 + 2 * out / ((y - x) / sigma));
    }

    /** Returns the probabilities under P of a loss below and of a loss above the grid. */
    double[] outside(double from, double to) {
      double x = outcome(from);
      double y = outcome(to);
      return removing
          ? new double[] {below(x), above(y)}
          : new double[] {normalAbove(x), normalBelow(y)};
    }

    private double below(double x) {
      return (1 - q) * normalBelow(x) + q * normalBelow(x - 1);
    }

    private double above(double x) {
      return (1 - q) * normalAbove(x) + q * normalAbove(x - 1);
    }

    private double normalBelow(double x) {
      return Erfc.value(-x / (sigma * ROOT2)) / 2 * (1 + 0x1p-40);
    }

    private double normalAbove(double x) {
      return Erfc.value(x / (sigma * ROOT2)) / 2 * (1 + 0x1p-40);
    }
  }
}
