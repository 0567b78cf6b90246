package dev.glissade.schedule;

/**
 * Arithmetic in float32, which the original's compiled schedules use whatever the type of the
 * parameters: their count is a 32-bit integer. Schedules here give the same bits, so that
 * trajectories are the same; it costs 6e-8 of a learning rate.
 */
final class Single {
  private static final int LARGEST_SQUARED = 64;

  private Single() {}

  /** steps / all, as a product with the reciprocal */
  static float fraction(double steps, double all) {
    return (float) steps * (1 / (float) all);
  }

  /** The power of a whole exponent by squaring, else by the power function. */
  static float pow(float base, double exponent) {
    if (exponent != Math.rint(exponent) || Math.abs(exponent) > LARGEST_SQUARED) {
      return (float) Math.pow(base, (float) exponent);
    }
    float power = 1;
    float square = base;
    for (int left = (int) Math.abs(exponent); left > 0; left >>= 1) {
      power = (left & 1) == 1 ? power * square : power;
      square *= square;
    }
    return exponent < 0 ? 1 / power : power;
  }
}
