package dev.glissade.arena.train;

import dev.glissade.Tree;
import dev.glissade.arena.data.Dataset;
import dev.glissade.arena.data.Task;
import java.util.Arrays;

/**
 * Decides whether training diverged, so that its model is useless. A loss that ends slightly above
 * its start is a bad result, not a divergence; so is a loss that can't fall, as with constant
 * columns.
 */
final class Divergence {
  /** The largest loss, in losses of an untrained model, of a model that predicts no better. */
  private static final double WORSE = 2;

  /** The largest loss of any model: beyond it, its probabilities mean nothing. */
  private static final double HOPELESS = 50;

  /** Inputs are about 1, and so are useful weights; a weight of a million saturates any model. */
  private static final float LARGEST = 1e6f;

  private Divergence() {}

  /**
   * Returns whether the loss or a parameter is not finite, a parameter is beyond 10^6, or the loss
   * is more than 50 times that of an untrained model: the larger of the initial loss and
   * ln(classes), or 1 for standardized numbers. Twice that loss suffices if the model predicts no
   * better than the most frequent class or the mean.
   *
   * @param before the loss of the initial parameters
   * @param after the metrics at the end, on the same examples
   */
  static boolean hasDiverged(double before, Metrics after, Dataset data, Tree params) {
    boolean classes = data.task() == Task.CLASSES;
    double unlearned = Math.max(before, classes ? Math.log(data.outputs()) : 1);
    double simplest = classes ? largestShare(data) : 0;
    return !Double.isFinite(after.loss())
        || after.loss() > HOPELESS * unlearned
        || (after.loss() > WORSE * unlearned && !(after.score() > simplest))
        || isLost(params);
  }

  private static double largestShare(Dataset data) {
    int largest = Arrays.stream(data.classCounts()).max().orElse(0);
    return (double) largest / data.size();
  }

  /** Returns whether a parameter is not finite or beyond 10^6. */
  static boolean isLost(Tree params) {
    return params.stream().anyMatch(leaf -> isLost((float[]) leaf.getValue().array()));
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
