package dev.glissade.models;

import java.util.Arrays;

/** Distributions of scores: softmax, and the nearest point of the simplex. */
final class Softmax {
  private Softmax() {}

  /** Returns exp(z_j) / sum_i exp(z_i). */
  static double[] of(double[] logits) {
    double[] p = new double[logits.length];
    of(logits, 0, logits.length, p);
    return p;
  }

  /** Writes the softmax of a range of logits to the same range of another array. */
  static void of(double[] logits, int from, int to, double[] probabilities) {
    double max = max(logits, from, to);
    double sum = 0;
    for (int j = from; j < to; j++) {
      probabilities[j] = Math.exp(logits[j] - max);
      sum += probabilities[j];
    }
    for (int j = from; j < to; j++) {
      probabilities[j] /= sum;
    }
  }

  static double max(double[] numbers, int from, int to) {
    double max = Double.NEGATIVE_INFINITY;
    for (int j = from; j < to; j++) {
      max = Math.max(max, numbers[j]);
    }
    return max;
  }

  /**
   * Returns the point of the simplex that is nearest to the scores (Duchi et al. 2008): max(s -
   * tau, 0), which adds up to 1. A number added to all scores changes nothing, so the largest one
   * is subtracted first, for precision.
   */
  static double[] simplex(double[] scores) {
    double max = max(scores, 0, scores.length);
    double[] sorted = new double[scores.length];
    Arrays.setAll(sorted, j -> scores[j] - max);
    Arrays.sort(sorted);
    double sum = 0;
    double tau = 0;
    for (int k = 1; k <= sorted.length; k++) {
      double score = sorted[sorted.length - k];
      sum += score;
      if (1 + k * score > sum || Double.isNaN(score)) {
        tau = (sum - 1) / k;
      }
    }
    double[] nearest = new double[scores.length];
    for (int j = 0; j < nearest.length; j++) {
      nearest[j] = Math.max(scores[j] - max - tau, 0);
    }
    return nearest;
  }
}
