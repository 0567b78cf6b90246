package dev.glissade.arena.train;

import dev.glissade.arena.data.Dataset;
import dev.glissade.arena.model.Metrics;
import java.util.Collection;

/**
 * Tells whether a training diverged, so that its model is of no use. A loss that ends a little
 * above its beginning is a bad result, not a divergence; so is one that can't fall, as with columns
 * that are constant.
 */
final class Divergence {
  /** How many times the loss of a model without learning a loss may be that predicts no better. */
  private static final double WORSE = 2;

  /** The same for any model: beyond it the probabilities mean nothing, whatever is largest. */
  private static final double HOPELESS = 50;

  /** Inputs are of about 1, so are weights that use them; a million of them saturates any model. */
  private static final float LARGEST = 1e6f;

  private Divergence() {}

  /**
   * Returns whether a loss or a parameter is not finite, a parameter is beyond 10^6, or the loss is
   * more than 50 times that of a model without learning: the larger of the loss at the beginning
   * and ln(classes). Twice that loss is enough where the model does not predict better than the
   * most frequent class.
   *
   * @param before the loss of the first parameters
   * @param after how the model does at the end, on the same examples
   */
  static boolean hasDiverged(
      double before, Metrics after, Dataset data, Collection<float[]> params) {
    double unlearned = Math.max(before, Math.log(data.classes()));
    return !Double.isFinite(after.loss())
        || after.loss() > HOPELESS * unlearned
        || (after.loss() > WORSE * unlearned && after.accuracy() <= largestShare(data))
        || isLost(params);
  }

  private static double largestShare(Dataset data) {
    int[] counts = new int[data.classes()];
    int largest = 0;
    for (int label : data.labels()) {
      largest = Math.max(largest, ++counts[label]);
    }
    return (double) largest / data.size();
  }

  /** Returns whether a parameter is not finite or beyond 10^6. */
  static boolean isLost(Collection<float[]> params) {
    return params.stream().anyMatch(Divergence::isLost);
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
