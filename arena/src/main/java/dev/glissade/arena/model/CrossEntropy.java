package dev.glissade.arena.model;

import org.ejml.data.FMatrixRMaj;

/** Cross-entropy: log(sum_j exp z_j) - z_label, with the largest logit subtracted before exp. */
final class CrossEntropy {
  private CrossEntropy() {}

  /** Returns the loss of one row of logits. */
  static double loss(FMatrixRMaj logits, int row, int label) {
    int begin = row * logits.numCols;
    double max = max(logits, row);
    double sum = 0;
    for (int j = 0; j < logits.numCols; j++) {
      sum += Math.exp(logits.data[begin + j] - max);
    }
    return max + Math.log(sum) - logits.data[begin + label];
  }

  /** Replaces each row of logits by scale (softmax(z) - onehot(label)); returns the summed loss. */
  static double gradient(FMatrixRMaj logits, int[] labels, double scale) {
    double total = 0;
    int classes = logits.numCols;
    for (int row = 0; row < logits.numRows; row++) {
      double max = max(logits, row);
      double loss = loss(logits, row, labels[row]);
      double logSum = loss + logits.data[row * classes + labels[row]] - max;
      for (int j = 0; j < classes; j++) {
        double softmax = Math.exp(logits.data[row * classes + j] - max - logSum);
        double target = j == labels[row] ? 1 : 0;
        logits.data[row * classes + j] = (float) (scale * (softmax - target));
      }
      total += loss;
    }
    return total;
  }

  /** Returns whether the label has the largest logit; false if a logit is NaN. */
  static boolean isRight(FMatrixRMaj logits, int row, int label) {
    int begin = row * logits.numCols;
    float chosen = logits.data[begin + label];
    for (int j = 0; j < logits.numCols; j++) {
      float other = logits.data[begin + j];
      if (!(j < label ? other < chosen : other <= chosen)) {
        return false;
      }
    }
    return true;
  }

  private static double max(FMatrixRMaj logits, int row) {
    int begin = row * logits.numCols;
    float max = Float.NEGATIVE_INFINITY;
    for (int j = 0; j < logits.numCols; j++) {
      max = Math.max(max, logits.data[begin + j]);
    }
    return max;
  }
}
