package dev.glissade.privacy.accounting;

/**
 * The privacy loss of many steps near a loss of interest. Its probabilities are tilted (Esscher):
 * that of a loss l is multiplied by {@code e^(t l - K(t))}. So the losses near the tilted mean are
 * the likely ones, however rare they are without the tilt, and rounding errors are small relative
 * to them, not only relative to 1.
 *
 * @param tilt t, K(t) and the tilted mean
 * @param grid the step of the losses' grid
 * @param first the index of the first loss on the grid
 * @param probabilities the tilted probabilities
 * @param hidden an upper bound of what the tilted probabilities lack in total
 * @param infinite the probability of an infinite loss, not tilted
 * @param largest an upper bound of the finite losses
 */
record ComposedLoss(
    LossMoments.At tilt,
    double grid,
    long first,
    double[] probabilities,
    double hidden,
    double infinite,
    double largest) {

  /** Returns a loss that is infinite with certainty, for when nothing is known. */
  static ComposedLoss unknown() {
    return new ComposedLoss(new LossMoments.At(0, 0, 0), 1, 0, new double[1], 0, 1, 0);
  }

  /** Computes P[loss = infinite] + E[max(0, 1 - e^(epsilon - loss))], but at most 1. */
  double delta(double epsilon) {
    if (epsilon >= largest) {
      return infinite;
    }
    double sum = hidden;
    for (int i = probabilities.length - 1; i >= 0; i--) {
      double loss = (first + i) * grid;
      if (loss <= epsilon) {
        break;
      }
      sum -= probabilities[i] * Math.exp(tilt.t() * (epsilon - loss)) * Math.expm1(epsilon - loss);
    }
    return Math.min(1, infinite + sum * Math.exp(tilt.log() - tilt.t() * epsilon));
  }

  /** Computes the smallest non-negative epsilon with this delta; infinite if no epsilon has it. */
  double epsilon(double delta) {
    if (infinite >= delta) {
      return Double.POSITIVE_INFINITY;
    }
    double found = found(delta);
    return found <= largest ? found : Math.max(0, largest);
  }

  private double found(double delta) {
    // Everything below is in units of Chernoff's bound at the tilted mean.
    double unit = Math.exp(Math.log(delta) - tilt.logBound());
    double allowed = unit * (1 - infinite / delta);
    double above = 0;
    // The sum of p e^(loss - l) over the losses l above this one.
    double scaled = 0;
    double decay = Math.exp(-grid);
    for (int i = probabilities.length - 1; i >= 0; i--) {
      double loss = (first + i) * grid;
      double untilt = Math.exp(tilt.t() * (tilt.mean() - loss));
      double left = allowed - hidden * untilt;
      // For epsilon between this loss and the next: delta = above - e^(epsilon - loss) scaled
      if (!(above - scaled <= left) || loss <= 0) {
        return solved(above, scaled, left, loss);
      }
      above += probabilities[i] * untilt;
      scaled = (scaled + probabilities[i] * untilt) * decay;
    }
    return Math.max(0, (first - 1) * grid);
  }

  /**
   * Solves above - e^(epsilon - loss) scaled = left for epsilon, between this loss and the next;
   * returns at least 0.
   */
  private double solved(double above, double scaled, double left, double loss) {
    if (above <= left) {
      return 0;
    }
    if (scaled == 0) {
      return Double.POSITIVE_INFINITY;
    }
    double epsilon = loss + Math.log((above - left) / scaled);
    return Math.max(0, Math.min(loss + grid, epsilon));
  }
}
