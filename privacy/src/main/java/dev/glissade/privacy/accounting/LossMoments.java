package dev.glissade.privacy.accounting;

import java.util.ArrayList;
import java.util.List;

/**
 * Moments of the losses of many steps, which bound how far their sum may reach.
 *
 * @param grid the step of the losses' grid
 */
record LossMoments(List<Kind> kinds, double grid) {
  private static final double TAIL_LOG = Math.log(ComposedLoss.TAIL);

  /**
   * Steps of one kind.
   *
   * @param first the number of the grid point of the first one
   * @param logs of the probabilities
   */
  record Kind(long first, double[] logs, long steps) {
    static Kind of(LossDistribution loss, long steps) {
      double[] logs = new double[loss.probabilities().length];
      for (int i = 0; i < logs.length; i++) {
        logs[i] = Math.log(loss.probabilities()[i]);
      }
      return new Kind(loss.first(), logs, steps);
    }

    /** log E[e^(t loss)] over finite losses, of one step. */
    private double logMoment(double t, double grid) {
      double largest = Double.NEGATIVE_INFINITY;
      for (int i = 0; i < logs.length; i++) {
        largest = Math.max(largest, logs[i] + t * (first + i) * grid);
      }
      double sum = 0;
      for (int i = 0; i < logs.length; i++) {
        double part = logs[i] + t * (first + i) * grid - largest;
        if (part > -50) {
          sum += Math.exp(part);
        }
      }
      return largest + Math.log(sum) + logs.length * 2e-22;
    }
  }

  static LossMoments of(List<LossDistribution> one, List<SampledGaussian> all, double grid) {
    List<Kind> kinds = new ArrayList<>();
    for (int j = 0; j < all.size(); j++) {
      kinds.add(Kind.of(one.get(j), all.get(j).steps()));
    }
    return new LossMoments(kinds, grid);
  }

  /**
   * Beyond which the sum, or minus the sum, is with probability {@link ComposedLoss#TAIL}: the
   * least of (log E[e^(t loss)] - log TAIL) / t (Chernoff), which first falls and then rises in t.
   *
   * @param sign 1 or -1
   */
  double bound(int sign) {
    double unit = 1e-7 / grid;
    int low = 0;
    int high = 22;
    while (low < high) {
      int middle = (low + high) / 2;
      if (bound(sign, Math.scalb(unit, middle)) <= bound(sign, Math.scalb(unit, middle + 1))) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return bound(sign, Math.scalb(unit, low));
  }

  private double bound(int sign, double t) {
    double log = -TAIL_LOG;
    for (Kind kind : kinds) {
      log += kind.steps() * kind.logMoment(sign * t, grid);
    }
    return log / t;
  }
}
