package dev.glissade.tribuo;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Arrays;
import org.tribuo.math.la.Matrix;
import org.tribuo.math.la.Tensor;

/**
 * Warns once in the log if a trainer's minibatches can't be those that its optimiser was told of.
 * Tribuo does not tell an optimiser the minibatch size, so this looks for what the size makes
 * impossible, in the weights and gradients of Tribuo's own trainers.
 */
final class MinibatchWatch {
  // As Tribuo's own, java.util.logging has this by default.
  private static final Logger LOG = System.getLogger(GlissadeOptimiser.class.getName());

  /** How many gradients are checked: each takes about as long as a step. */
  private static final int CHECKED = 8;

  /**
   * A matrix of two rows or columns can be a product by its kind, as the gradients of two labels.
   */
  private static final int LEAST_SIDE = 3;

  /** How many epochs a smaller weight must end. */
  private static final int EPOCHS = 4;

  /** How many calls an epoch must have for that. */
  private static final int LEAST_CALLS = 8;

  private static final String TOO_LARGE =
      "minibatchSize is 1, but the trainer has minibatches, so the gradients are too large, by up to"
          + " the square of their size: set minibatchSize of GlissadeOptimiser to the trainer's";

  /** Which gradient is the product of two vectors for one example; -1 if none is. */
  private final int product;

  /** How many of the checked gradients were products of two vectors. */
  private int products;

  private boolean watching;
  private long calls;

  /** After how many calls the first weight came that was not 1; 0 if none did. */
  private long period;

  private double last;
  private boolean periodic = true;

  /** The directions of the gradients that end the first epochs. */
  private final double[] directions = new double[EPOCHS];

  /**
   * Begins to watch a training, if one of Tribuo's trainers trains.
   *
   * @param product the place of the gradient that is a product of two vectors for one example
   */
  MinibatchWatch(TribuoCaller caller, int product) {
    this.product = caller == TribuoCaller.FEED_FORWARD_TRAINER ? product : -1;
    this.watching = caller != TribuoCaller.OTHER;
  }

  /** Looks at what the trainer gives for one step. */
  void see(Tensor[] gradients, double weight, MinibatchWeights weights) {
    if (!watching) {
      return;
    }
    calls++;
    follow(weight);
    if (weights.size() > 1) {
      if (areOfOneExample(gradients)) {
        warn(
            ("minibatchSize is %d, but the first %d gradients are those of one example each, so the"
                    + " gradients are too small: set minibatchSize of GlissadeOptimiser to the"
                    + " trainer's")
                .formatted(weights.size(), CHECKED));
      } else if (!periodic && !weights.weighted()) {
        warn(
            ("minibatchSize is %d, but the weights of the trainer's minibatches are not those of %d"
                    + " examples and a smaller last minibatch: set minibatchSize of"
                    + " GlissadeOptimiser to the trainer's, and weighted(true) if examples have"
                    + " weights")
                .formatted(weights.size(), weights.size()));
      }
    } else if (isNoExamples(weight) || isSum(gradients) || endsEpochs(gradients)) {
      warn(TOO_LARGE);
    }
  }

  private void warn(String sentence) {
    LOG.log(Level.WARNING, sentence);
    watching = false;
  }

  /** Finds out whether each weight is 1 but every n-th one, which always is the same. */
  private void follow(double weight) {
    if (period == 0 && weight != 1) {
      period = calls;
      last = weight;
    } else if (period > 0) {
      periodic &= weight == (calls % period == 0 ? last : 1);
    }
  }

  /** Returns whether no example has this weight, since those of examples are float32. */
  private static boolean isNoExamples(double weight) {
    return weight != (float) weight;
  }

  private boolean isSum(Tensor[] gradients) {
    return product >= 0
        && calls <= CHECKED
        && gradients[product] instanceof Matrix matrix
        && RankOne.isExceededBy(matrix);
  }

  /** Returns whether all checked gradients could be of one example, though sums seldom could. */
  private boolean areOfOneExample(Tensor[] gradients) {
    if (product >= 0
        && calls <= CHECKED
        && gradients[product] instanceof Matrix matrix
        && Math.min(matrix.getDimension1Size(), matrix.getDimension2Size()) >= LEAST_SIDE
        && RankOne.isProduct(matrix)) {
      products++;
    }
    return products == CHECKED;
  }

  /**
   * Returns whether epochs end with a smaller minibatch: several times at the same distance, and
   * not with the same example each time, as without shuffling.
   */
  private boolean endsEpochs(Tensor[] gradients) {
    if (product < 0 || !periodic || period < LEAST_CALLS || calls % period > 0 || last >= 1) {
      return false;
    }
    long epoch = calls / period;
    if (epoch > EPOCHS || !(gradients[product] instanceof Matrix matrix)) {
      return false;
    }
    directions[(int) epoch - 1] = RankOne.direction(matrix);
    return epoch == EPOCHS && areDifferent(directions);
  }

  private static boolean areDifferent(double[] directions) {
    double[] sorted = directions.clone();
    Arrays.sort(sorted); // NaN at the end
    for (int i = 1; i < sorted.length; i++) {
      if (!(sorted[i] - sorted[i - 1] > 1e-9 * Math.abs(sorted[i]))) {
        return false;
      }
    }
    return true;
  }
}
