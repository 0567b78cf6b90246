package dev.glissade.arena.train;

import java.util.Collection;

/**
 * Whether a training went astray, so that its model is of no use. A loss that is a little worse at
 * the end than at the beginning is a bad result, but no divergence; one that can't become better,
 * as of columns that are constant, is none either.
 */
final class Divergence {
  /** How many times what is known without learning a loss may be. */
  private static final double WORSE = 2;

  /** Inputs are of about 1, so are weights that use them; a million of them saturates any model. */
  private static final float LARGEST = 1e6f;

  private Divergence() {}

  /**
   * Whether a loss or a parameter is not finite, a parameter is beyond 10^6, or the loss at the end
   * is more than twice as large as at the beginning and as ln(classes), that of equal chances.
   *
   * @param before the loss of the first parameters
   * @param after the loss at the end, on the same examples
   */
  static boolean is(double before, double after, int classes, Collection<float[]> params) {
    double bound = WORSE * Math.max(before, Math.log(classes));
    return !Double.isFinite(after) || after > bound || params.stream().anyMatch(Divergence::isLost);
  }

  private static boolean isLost(float[] numbers) {
    for (float x : numbers) {
      if (!(Math.abs(x) <= LARGEST)) {
        return true;
      }
    }
    return false;
  }
}
