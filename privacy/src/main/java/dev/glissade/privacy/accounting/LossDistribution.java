package dev.glissade.privacy.accounting;

import org.apache.commons.numbers.gamma.ErfDifference;
import org.apache.commons.numbers.gamma.Erfc;

/**
 * The privacy loss log(P/Q) of one step under P, on a grid. P and Q are the normal distribution
 * around 0 and its mixture with one around 1, or the other way about. The loss of each cell goes to
 * the two ends of the cell so that the cell's probability is kept under both P and Q ("connect the
 * dots", Doroshenko, Ghazi, Kamath, Kumar and Manurangsi 2022), which never states too little. What
 * rounding can do to a cell is added to its probability and to what goes to its upper end, so that
 * this holds for the numbers as they are.
 *
 * @param first the number of the grid point that the first probability is of; its loss is that
 *     times the grid's step
 * @param probabilities of the grid points, each not below the truth
 * @param infinite probability of an infinite loss
 */
record LossDistribution(long first, double[] probabilities, double infinite) {

  /**
   * Computes how far the losses of one step reach, from the smallest to the largest; may be
   * infinite.
   *
   * @param deviations how many of the noise's standard deviations are looked at
   */
  static double span(double q, double sigma, double deviations) {
    Mechanism mechanism = new Mechanism(q, sigma, true);
    return mechanism.loss(1 + deviations * sigma) - mechanism.loss(-deviations * sigma);
  }

  /**
   * Computes that of one step.
   *
   * @param removing whether the mixture is P: the example was there and is removed
   * @param deviations how many of the noise's standard deviations are looked at; what is beyond
   *     counts as if everything were given away
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
    // Below the grid: counted at its first point. Above it: as if everything were given away.
    double[] ends = mechanism.outside(first * grid, last * grid);
    probabilities[0] += ends[0];
    return new LossDistribution(first, probabilities, ends[1]);
  }

  /** Probabilities of intervals of the loss. */
  private record Mechanism(double q, double sigma, boolean removing) {
    private static final double ROOT2 = Math.sqrt(2);

    /** Some units in the last place: what one function's value may be off by. */
    private static final double ROUNDING = 0x1p-51;

    /** Beyond this log(e^u + c) is u for all that matters here. */
    private static final double LARGE = 30;

    /** The loss of an outcome. */
    double loss(double x) {
      double u = (2 * x - 1) / (2 * sigma * sigma);
      double log = q == 1 ? u : logMixture(u);
      return removing ? log : -log;
    }

    /** log(1 - q + q e^u) without cancellation. */
    private double logMixture(double u) {
      if (u > LARGE) {
        return u + Math.log(q + (1 - q) * Math.exp(-u));
      }
      double x = q * Math.expm1(u);
      return x > -0.5 ? Math.log1p(x) : Math.log((1 - q) + q * Math.exp(u));
    }

    /** The outcome of a loss; infinite where no outcome has one so far out. */
    double outcome(double loss) {
      double log = removing ? loss : -loss;
      return sigma * sigma * exponent(log) + 0.5;
    }

    /** The u of which log(1 - q + q e^u) is this. */
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

    /** Adds the losses of a cell from one grid point to the next, which two outcomes have. */
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
      // up e^-to + (p - up) e^-from is the probability under Q; with P - e^from Q written without
      // the part that cancels. All goes up where that can't be told.
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
     * How far the probability of outcomes from x to y may be off, in parts of it: it is a
     * difference of two numbers, at places that are rounded themselves.
     */
    private double relativeError(double x, double y) {
      double out = 1 + (1 + Math.min(Math.abs(x), Math.abs(y))) / sigma;
      return ROUNDING * (1 + 2 * out / ((y - x) / sigma));
    }

    /** The probabilities under P of a smaller and of a larger loss. */
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
