package dev.glissade.privacy.accounting;

/**
 * The discrete Fourier transform of real numbers, whose count is a power of two of at least 4. The
 * transform is symmetric, so only its first half is stored: {@code re[0], re[size / 2], re[1],
 * im[1], re[2], im[2], ...}.
 */
final class RealFourier {
  private final int size;

  /** The cosines of 2 pi k / size for k below size / 2. */
  private final double[] cos;

  private final double[] sin;

  /** The cosines and sines that {@link #fours} needs, one length after the other. */
  private final double[] turns;

  RealFourier(int size) {
    if (size < 4 || Integer.bitCount(size) != 1) {
      throw new IllegalArgumentException(
          "size must be a power of two of at least 4, but was " + size);
    }
    this.size = size;
    this.cos = new double[size / 2];
    this.sin = new double[size / 2];
    int quarter = size / 4;
    // Compute only angles up to pi / 4, so that the error stays within about one unit in the last
    // place.
    for (int k = 0; k <= quarter / 2; k++) {
      double angle = 2 * Math.PI * k / size;
      put(k, Math.cos(angle), Math.sin(angle));
      put(quarter - k, Math.sin(angle), Math.cos(angle));
    }
    for (int k = 1; k < quarter; k++) {
      put(quarter + k, -sin[k], cos[k]);
    }
    this.turns = new double[size];
    for (int length = shortest(); length < size / 2; length *= 4) {
      int step = size / (4 * length);
      for (int k = 0; k < length; k++) {
        int at = 4 * (length + k);
        turns[at] = cos[2 * k * step];
        turns[at + 1] = sin[2 * k * step];
        turns[at + 2] = cos[k * step];
        turns[at + 3] = sin[k * step];
      }
    }
  }

  /** Returns the shortest length: size / 2 is this times a power of 4. */
  private int shortest() {
    return Integer.numberOfTrailingZeros(size / 2) % 2 + 1;
  }

  private void put(int k, double real, double imaginary) {
    cos[k] = real;
    sin[k] = imaginary;
  }

  /** Replaces numbers by their transform. */
  void forward(double[] values) {
    complex(values);
    double first = values[0];
    values[0] = first + values[1];
    values[1] = first - values[1];
    for (int k = 1; k <= size / 4; k++) {
      int i = 2 * k;
      int j = size - i;
      // The numbers at even and at odd places have one transform each.
      double evenRe = (values[i] + values[j]) / 2;
      double evenIm = (values[i + 1] - values[j + 1]) / 2;
      double oddRe = (values[i + 1] + values[j + 1]) / 2;
      double oddIm = (values[j] - values[i]) / 2;
      double turnedRe = oddRe * cos[k] + oddIm * sin[k];
      double turnedIm = oddIm * cos[k] - oddRe * sin[k];
      values[i] = evenRe + turnedRe;
      values[i + 1] = evenIm + turnedIm;
      values[j] = evenRe - turnedRe;
      values[j + 1] = turnedIm - evenIm;
    }
  }

  /** Replaces a transform by the numbers it was computed from. */
  void inverse(double[] values) {
    double first = values[0];
    values[0] = (first + values[1]) / 2;
    values[1] = (values[1] - first) / 2;
    for (int k = 1; k <= size / 4; k++) {
      int i = 2 * k;
      int j = size - i;
      double evenRe = (values[i] + values[j]) / 2;
      double evenIm = (values[i + 1] - values[j + 1]) / 2;
      double turnedRe = (values[i] - values[j]) / 2;
      double turnedIm = (values[i + 1] + values[j + 1]) / 2;
      double oddRe = turnedRe * cos[k] - turnedIm * sin[k];
      double oddIm = turnedIm * cos[k] + turnedRe * sin[k];
      // The inverse is the transform between two conjugations; this is the first.
      values[i] = evenRe - oddIm;
      values[i + 1] = -evenIm - oddRe;
      values[j] = evenRe + oddIm;
      values[j + 1] = evenIm - oddRe;
    }
    complex(values);
    double scale = 2.0 / size;
    for (int i = 0; i < size; i += 2) {
      values[i] *= scale;
      values[i + 1] *= -scale;
    }
  }

  /** Transforms size / 2 complex numbers, whose real and imaginary parts alternate. */
  private void complex(double[] values) {
    sort(values, size / 2);
    if (shortest() == 2) {
      pairs(values);
    }
    join(values, 0, size / 2);
  }

  /** Transforms sorted numbers from a place on, part by part, so that each part stays in cache. */
  private void join(double[] values, int block, int count) {
    int length = count / 4;
    if (length < shortest()) {
      return;
    }
    for (int part = 0; part < 4; part++) {
      join(values, block + part * length, length);
    }
    fours(values, block, length);
  }

  /** Moves each number to the place with the reversed bits of its index. */
  private static void sort(double[] values, int count) {
    int shift = Integer.numberOfLeadingZeros(count) + 1;
    for (int i = 0; i < count; i++) {
      int j = Integer.reverse(i) >>> shift;
      if (i < j) {
        swap(values, 2 * i, 2 * j);
        swap(values, 2 * i + 1, 2 * j + 1);
      }
    }
  }

  private static void swap(double[] values, int i, int j) {
    double value = values[i];
    values[i] = values[j];
    values[j] = value;
  }

  private void pairs(double[] values) {
    for (int i = 0; i < size; i += 4) {
      double re = values[i + 2];
      double im = values[i + 3];
      values[i + 2] = values[i] - re;
      values[i + 3] = values[i + 1] - im;
      values[i] += re;
      values[i + 1] += im;
    }
  }

  /** Joins four consecutive transforms of one length: first into pairs, then the pairs into one. */
  private void fours(double[] values, int block, int length) {
    for (int k = 0; k < length; k++) {
      int a = 2 * (block + k);
      int b = a + 2 * length;
      int c = b + 2 * length;
      int d = c + 2 * length;
      int at = 4 * (length + k);
      double cos1 = turns[at];
      double sin1 = turns[at + 1];
      double bRe = values[b] * cos1 + values[b + 1] * sin1;
      double bIm = values[b + 1] * cos1 - values[b] * sin1;
      double dRe = values[d] * cos1 + values[d + 1] * sin1;
      double dIm = values[d + 1] * cos1 - values[d] * sin1;
      double cos2 = turns[at + 2];
      double sin2 = turns[at + 3];
      double sumRe = values[c] + dRe;
      double sumIm = values[c + 1] + dIm;
      double cRe = sumRe * cos2 + sumIm * sin2;
      double cIm = sumIm * cos2 - sumRe * sin2;
      double differenceRe = values[c] - dRe;
      double differenceIm = values[c + 1] - dIm;
      // Turned by another quarter.
      dRe = differenceIm * cos2 - differenceRe * sin2;
      dIm = -differenceRe * cos2 - differenceIm * sin2;
      double aRe = values[a];
      double aIm = values[a + 1];
      values[a] = aRe + bRe + cRe;
      values[a + 1] = aIm + bIm + cIm;
      values[c] = aRe + bRe - cRe;
      values[c + 1] = aIm + bIm - cIm;
      values[b] = aRe - bRe + dRe;
      values[b + 1] = aIm - bIm + dIm;
      values[d] = aRe - bRe - dRe;
      values[d + 1] = aIm - bIm - dIm;
    }
  }
}
