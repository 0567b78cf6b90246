package dev.glissade.models;

import java.util.Locale;

/**
 * The function between two layers, applied to each element. Its derivative is a function of its
 * result, so backpropagation needs no other array.
 */
public enum Activation {
  /** f(z) = max(0, z), with the derivative 0 at 0. */
  RELU {
    @Override
    double at(double z) {
      // So that NaN stays NaN.
      return z <= 0 ? 0 : z;
    }

    @Override
    double slope(double result) {
      return result > 0 ? 1 : 0;
    }
  },
  /** f(z) = tanh(z). */
  TANH {
    @Override
    double at(double z) {
      return Math.tanh(z);
    }

    @Override
    double slope(double result) {
      return 1 - result * result;
    }
  },
  /** f(z) = 1 / (1 + exp(-z)). */
  SIGMOID {
    @Override
    double at(double z) {
      return 1 / (1 + Math.exp(-z));
    }

    @Override
    double slope(double result) {
      return result * (1 - result);
    }
  };

  /** {@return the name in lower case, as users write it} */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  abstract double at(double z);

  /** Returns the derivative where the function has this result. */
  abstract double slope(double result);
}
