package dev.glissade.spark.ml;

import java.io.Serializable;

/**
 * Weighted means and sums of squared deviations of columns, one row after another (West, "Updating
 * Mean and Variance Estimates", 1979), and those of two sets of rows together (Chan, Golub and
 * LeVeque, 1979). Zeros are counted at the end, so sparse rows cost their numbers only, and have
 * the bits of dense ones.
 */
final class WeightedMoments implements Serializable {
  private static final long serialVersionUID = 1;

  /** The weight of the rows that are not zero in a column. */
  private final double[] weight;

  private final double[] mean;

  /** The sums of weighted squared deviations from the mean. */
  private final double[] squares;

  WeightedMoments(int columns) {
    weight = new double[columns];
    mean = new double[columns];
    squares = new double[columns];
  }

  void add(int column, double value, double rowWeight) {
    if (value == 0 || rowWeight == 0) {
      return;
    }
    weight[column] += rowWeight;
    double difference = value - mean[column];
    mean[column] += difference * rowWeight / weight[column];
    squares[column] += rowWeight * difference * (value - mean[column]);
  }

  void add(WeightedMoments other) {
    for (int i = 0; i < weight.length; i++) {
      add(i, other.weight[i], other.mean[i], other.squares[i]);
    }
  }

  private void add(int column, double otherWeight, double otherMean, double otherSquares) {
    if (otherWeight == 0) {
      return;
    }
    double sum = weight[column] + otherWeight;
    double difference = otherMean - mean[column];
    squares[column] += otherSquares + difference * difference * weight[column] * otherWeight / sum;
    mean[column] += difference * otherWeight / sum;
    weight[column] = sum;
  }

  /** Counts the rows that have not been added as zeros, so that all rows have this weight. */
  void complete(double total) {
    for (int i = 0; i < weight.length; i++) {
      add(i, Math.max(0, total - weight[i]), 0, 0);
    }
  }

  double mean(int column) {
    return mean[column];
  }

  /** Returns the standard deviation of a column of this total weight, as of a whole population. */
  double deviation(int column) {
    return weight[column] == 0 ? 0 : Math.sqrt(squares[column] / weight[column]);
  }
}
