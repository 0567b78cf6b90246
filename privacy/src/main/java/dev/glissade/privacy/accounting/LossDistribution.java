package dev.glissade.privacy.accounting;

import org.apache.commons.numbers.gamma.ErfDifference;
import org.apache.commons.numbers.gamma.Erfc;

/**
 * The privacy loss log(P/Q) of one step under P, on a grid. P and Q are the normal distribution
 * around 0 and its mixture with one around 1, or the other way about. The loss of each cell goes to
 * the two ends of the cell so that the cell's probability is kept under both P and Q ("connect the
 * dots", Doroshenko, Ghazi, Kamath, Kumar and Manurangsi 2022), which never states too little.
 *
 * @param first the number of the grid point that the first probability is of; its loss is that
 *     times the grid's step
 * @param infinite probability of an infinite loss
 */
record LossDistribution(long first, double[] probabilities, double infinite) {
  /** Probability that is left in the tails of one step. */
  private static final double TAIL_DEVIATIONS = 9.5;

  /** How far the losses of one step reach, from the smallest to the largest; may be infinite. */
  static double span(double q, double sigma) {
    Mechanism mechanism = new Mechanism(q, sigma, true);
    return mechanism.loss(highest(sigma)) - mechanism.loss(lowest(sigma));
  }

  private static double lowest(double sigma) {
    return -TAIL_DEVIATIONS * sigma;
  }

  private static double highest(double sigma) {
    return 1 + TAIL_DEVIATIONS * sigma;
  }

  /**
   * Of one step.
   *
   * @param removing whether the mixture is P: the example was there and is removed
   */
  static LossDistribution of(double q, double sigma, boolean removing, double grid) {
    Mechanism mechanism = new Mechanism(q, sigma, removing);
    double a = mechanism.loss(lowest(sigma));
    double b = mechanism.loss(highest(sigma));
    long first = (long) Math.floor(Math.min(a, b) / grid);
    long last = (long) Math.ceil(Math.max(a, b) / grid);
    double[] probabilities = new double[Math.toIntExact(last - first) + 1];
    double outcome = mechanism.outcome(first * grid);
    for (long i = first; i < last; i++) {
      double next = mechanism.outcome((i + 1) * grid);
      int at = (int) (i - first);
      mechanism.cell(i * grid, (i + 1) * grid, outcome, next, probabilities, at);
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

    /** The loss of an outcome. */
    double loss(double x) {
      double u = (2 * x - 1) / (2 * sigma * sigma);
      double log = q == 1 ? u : logMixture(u);
      return removing ? log : -log;
    }

    /** log(1 - q + q e^u) without cancellation. */
    private double logMixture(double u) {
      if (u > 30) {
        return u + Math.log(q + (1 - q) * Math.exp(-u));
      }
      double x = q * Math.expm1(u);
      return x > -0.5 ? Math.log1p(x) : Math.log((1 - q) + q * Math.exp(u));
    }

    /** The outcome of a loss; infinite where no outcome has one so far out. */
    double outcome(double loss) {
      double log = removing ? loss : -loss;
      if (q == 1) {
        return sigma * sigma * log + 0.5;
      }
      double rest =
          log > 30 ? log + Math.log1p(-(1 - q) * Math.exp(-log)) : logOf(Math.expm1(log) + q);
      return sigma * sigma * (rest - Math.log(q)) + 0.5;
    }

    private static double logOf(double x) {
      return x <= 0 ? Double.NEGATIVE_INFINITY : Math.log(x);
    }

    private double around0(double x, double y) {
      return ErfDifference.value(x / (sigma * ROOT2), y / (sigma * ROOT2)) / 2;
    }

    private double mixture(double x, double y) {
      double around1 =
          ErfDifference.value((x - 1) / (sigma * ROOT2), (y - 1) / (sigma * ROOT2)) / 2;
      return (1 - q) * around0(x, y) + q * around1;
    }

    /** Of losses from one to another, which two outcomes have. */
    void cell(double from, double to, double a, double b, double[] probabilities, int at) {
      double x = Math.min(a, b);
      double y = Math.max(a, b);
      if (!(y > x)) {
        return;
      }
      double p = removing ? mixture(x, y) : around0(x, y);
      double other = removing ? around0(x, y) : mixture(x, y);
      // up e^-to + (p - up) e^-from = other; all goes up where that can't be told
      double up = (p - other * Math.exp(from)) / -Math.expm1(from - to);
      boolean known = other > Double.MIN_NORMAL && !Double.isNaN(up);
      double kept = known ? Math.max(0, Math.min(p, up)) : p;
      probabilities[at + 1] += kept;
      probabilities[at] += p - kept;
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
      return Erfc.value(-x / (sigma * ROOT2)) / 2;
    }

    private double normalAbove(double x) {
      return Erfc.value(x / (sigma * ROOT2)) / 2;
    }
  }
}
