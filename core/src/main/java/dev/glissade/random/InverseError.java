package dev.glissade.random;

/**
 * The inverse of the error function in single precision (Giles, "Approximating the erfinv
 * function", GPU Computing Gems Jade Edition, 2011, chapter 10). JAX computes float32 normal draws
 * with it. Since it rounds x^2 to float, its relative error reaches 6e-6 where |x| is near 1. We
 * keep this error so that our draws are those of JAX.
 */
final class InverseError {
  private InverseError() {}

  /** Returns the y with {@code erf(y) = x}, for {@code -1 < x < 1}. */
  static double of(float x) {
    // w = -ln(1 - x^2), the square rounded to float
    double w = -Math.log(1 - (double) (x * x));
    return x * (w < 5 ? central(w - 2.5) : tail(Math.sqrt(w) - 3));
  }

  private static double central(double w) {
    double p = 2.81022636e-08;
    p = p * w + 3.43273939e-07;
    p = p * w - 3.5233877e-06;
    p = p * w - 4.39150654e-06;
    p = p * w + 0.00021858087;
    p = p * w - 0.00125372503;
    p = p * w - 0.00417768164;
    p = p * w + 0.246640727;
    return p * w + 1.50140941;
  }

  private static double tail(double w) {
    double p = -0.000200214257;
    p = p * w + 0.000100950558;
    p = p * w + 0.00134934322;
    p = p * w - 0.00367342844;
    p = p * w + 0.00573950773;
    p = p * w - 0.0076224613;
    p = p * w + 0.00943887047;
    p = p * w + 1.00167406;
    return p * w + 2.83297682;
  }
}
