package dev.glissade.arena.score;

/** Scores predicted numbers, one example after another. */
public final class NumberScores {
  private long examples;
  private double mean;

  /** The sum of squared distances from the mean, by Welford's recurrence. */
  private double squares;

  private double absoluteErrors;
  private double squaredErrors;

  /** Adds an example. */
  public void add(double actual, double predicted) {
    examples++;
    double distance = actual - mean;
    mean += distance / examples;
    squares += distance * (actual - mean);
    absoluteErrors += Math.abs(predicted - actual);
    squaredErrors += (predicted - actual) * (predicted - actual);
  }

  /** Returns the number of examples. */
  public long examples() {
    return examples;
  }

  /** Returns the mean of the actual numbers. */
  public double mean() {
    return mean;
  }

  /** Returns the standard deviation of the actual numbers: the error of predicting their mean. */
  public double deviation() {
    return Math.sqrt(squares / examples);
  }

  /**
   * Returns R^2, the share of the variance that the predictions explain: 1 - sum (y - t)^2 / sum (t
   * - mean)^2. It is 0 for predicting the mean, negative for worse; NaN if all numbers are equal.
   */
  public double r2() {
    return squares == 0 ? Double.NaN : 1 - squaredErrors / squares;
  }

  /** Returns the mean absolute error. */
  public double mae() {
    return absoluteErrors / examples;
  }

  /** Returns the root of the mean squared error. */
  public double rmse() {
    return Math.sqrt(squaredErrors / examples);
  }
}
