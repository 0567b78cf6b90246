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
record LossDistribution(int first, double[] probabilities, double infinite) {
  /** Probability that is left in the tails of one step. */
  private static final double TAIL_DEVIATIONS = 9.5;

  /**
   * Of one step.
   *
   * @param removing whether the mixture is P: the example was there and is removed
   */
  static LossDistribution of(double q, double sigma, boolean removing, double grid) {
    double low = -TAIL_DEVIATIONS * sigma;
    double high = 1 + TAIL_DEVIATIONS * sigma;
    Mechanism mechanism = new Mechanism(q, sigma, removing);
    double a = mechanism.loss(low);
    double b = mechanism.loss(high);
    int first = (int) Math.floor(Math.min(a, b) / grid);
    int last = (int) Math.ceil(Math.max(a, b) / grid);
    double[] probabilities = new double[last - first + 1];
    for (int i = first; i < last; i++) {
      mechanism.cell(i * grid, (i + 1) * grid, probabilities, i - first);
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
      double log =
          u > 30 ? u + Math.log(q + (1 - q) * Math.exp(-u)) : Math.log1p(q * Math.expm1(u));
      return removing ? log : -log;
    }

    /** The outcome of a loss; infinite where no outcome has one so far out. */
    private double outcome(double loss) {
      double log = removing ? loss : -loss;
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

    void cell(double from, double to, double[] probabilities, int at) {
      double x = Math.min(outcome(from), outcome(to));
      double y = Math.max(outcome(from), outcome(to));
      if (!(y > x)) {
        return;
      }
      double p = removing ? mixture(x, y) : around0(x, y);
      double other = removing ? around0(x, y) : mixture(x, y);
      // up e^-to + (p - up) e^-from = other
      double up = (p - other * Math.exp(from)) / -Math.expm1(from - to);
      double kept = Math.max(0, Math.min(p, up));
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

  /** log E[e^(t loss)] over finite losses. */
  double logMoment(double t, double grid) {
    double largest = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < probabilities.length; i++) {
      if (probabilities[i] > 0) {
        largest = Math.max(largest, Math.log(probabilities[i]) + t * (first + i) * grid);
      }
    }
    double sum = 0;
    for (int i = 0; i < probabilities.length; i++) {
      if (probabilities[i] > 0) {
        sum += Math.exp(Math.log(probabilities[i]) + t * (first + i) * grid - largest);
      }
    }
    return largest + Math.log(sum);
  }
}
