package dev.glissade.privacy.accounting;

/**
 * The privacy loss of many steps near a loss of interest. Its probabilities are tilted (Esscher):
 * that of a loss l is held as {@code e^(t l - K(t))} times itself, so that the losses about the
 * tilted mean are the likely ones, however rare they are, and what rounding hides is small beside
 * them and not beside 1.
 *
 * @param tilt t, K(t) and the tilted mean
 * @param grid the step of the losses
 * @param first the number of the first loss on the grid
 * @param probabilities tilted
 * @param hidden what the tilted probabilities may lack in all
 * @param infinite probability of an infinite loss, not tilted
 * @param largest no finite loss is larger
 */
record ComposedLoss(
    LossMoments.At tilt,
    double grid,
    long first,
    double[] probabilities,
    double hidden,
    double infinite,
    double largest) {

  /** Of which nothing can be told. */
  static ComposedLoss unknown() {
    return new ComposedLoss(new LossMoments.At(0, 0, 0), 1, 0, new double[1], 0, 1, 0);
  }

  /** P[loss = infinite] + E[max(0, 1 - e^(epsilon - loss))], of which no more than 1 is true. */
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

  /** The smallest epsilon of 0 or more with this delta; infinite if there is none. */
  double epsilon(double delta) {
    if (infinite >= delta) {
      return Double.POSITIVE_INFINITY;
    }
    double found = found(delta);
    return found <= largest ? found : Math.max(0, largest);
  }

  private double found(double delta) {
    // everything below is in units of Chernoff's bound at the tilted mean
    double unit = Math.exp(Math.log(delta) - tilt.logBound());
    double allowed = unit * (1 - infinite / delta);
    double above = 0;
    // the sum of p e^(loss - l) over the losses l above this one
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

  /** Where above - e^(epsilon - loss) scaled is what is left, up to the next loss; at least 0. */
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
