package dev.glissade.arena.data;

/**
 * Standardizes numbers: (x - mean) / deviation, or 0 if all numbers of the train part were equal.
 *
 * @param mean the mean of the train part
 * @param deviation its standard deviation (divisor n); 0 if all its numbers are equal
 */
record StandardScaler(double mean, double deviation) {

  /** Typical mean and deviation of pixels from 0 to 1, independent of the data. */
  static final StandardScaler PIXELS = new StandardScaler(0.3, 0.35);

  /** Leaves numbers as they are. */
  static final StandardScaler NONE = new StandardScaler(0, 1);

  float apply(double x) {
    return deviation == 0 ? 0f : (float) ((x - mean) / deviation);
  }

  /** A sequence of numbers, which is read twice. */
  interface Values {
    long count();

    double at(long i);
  }

  /** Computes mean and deviation; divides by the range first, so no square over- or underflows. */
  static StandardScaler of(Values numbers) {
    double min = Double.POSITIVE_INFINITY;
    double max = Double.NEGATIVE_INFINITY;
    double sum = 0;
    for (long i = 0; i < numbers.count(); i++) {
      double x = numbers.at(i);
      min = Math.min(min, x);
      max = Math.max(max, x);
      sum += x;
    }
    double range = max - min;
    if (!(range >= Double.MIN_NORMAL)) {
      return new StandardScaler(0, 0);
    }
    double mean = sum / numbers.count();
    double squares = 0;
    for (long i = 0; i < numbers.count(); i++) {
      double d = (numbers.at(i) - mean) / range;
      squares += d * d;
    }
    return new StandardScaler(mean, range * Math.sqrt(squares / numbers.count()));
  }
}
