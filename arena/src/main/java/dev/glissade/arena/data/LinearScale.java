package dev.glissade.arena.data;

/**
 * Scales numbers: (x - mean) / deviation, or 0 if the deviation is 0.
 *
 * @param mean the mean of the train part, or the middle of given bounds
 * @param deviation its standard deviation (divisor n), 0 if all its numbers are equal; or half the
 *     distance of the bounds
 * @param clamped whether results are clamped to [-1, 1], as they are with given bounds
 */
public record LinearScale(double mean, double deviation, boolean clamped) {

  /** Typical mean and deviation of pixels from 0 to 1, independent of the data. */
  static final LinearScale PIXELS = new LinearScale(0.3, 0.35, false);

  /** Leaves numbers as they are. */
  static final LinearScale NONE = new LinearScale(0, 1, false);

  /** Checks the numbers. */
  public LinearScale {
    if (!Double.isFinite(mean)) {
      throw new DataException("mean must be finite, but was " + mean);
    }
    if (!(deviation >= 0 && deviation < Double.POSITIVE_INFINITY)) {
      throw new DataException("deviation must be finite and not negative, but was " + deviation);
    }
  }

  /** Returns the scaling of numbers in these bounds to [-1, 1]. */
  static LinearScale bounds(double low, double high) {
    return new LinearScale(low / 2 + high / 2, high / 2 - low / 2, true);
  }

  /** Returns the scaled number. */
  public float apply(double x) {
    if (deviation == 0) {
      return 0f;
    }
    double scaled = (x - mean) / deviation;
    return (float) (clamped ? Math.max(-1, Math.min(1, scaled)) : scaled);
  }

  /** Returns the number that scales to this. */
  public double undo(double scaled) {
    return mean + deviation * scaled;
  }
}
