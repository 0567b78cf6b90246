package dev.glissade.privacy.accounting;

import org.apache.commons.numbers.gamma.Erfc;
import org.apache.commons.numbers.gamma.Erfcx;

/**
 * The privacy loss of sums without sampling, which is normal: any number of sums together form one
 * Gaussian mechanism (Balle and Wang 2018, Theorem 8), with
 *
 * <pre>{@code delta = P[z > a] - e^epsilon P[z > a + mu],  a = epsilon / mu - mu / 2}</pre>
 *
 * <p>Since {@code e^epsilon} is {@code density(a) / density(a + mu)}, this equals {@code density(a)
 * (m(a) - m(a + mu))}, where m is Mills' ratio. It does not overflow, and delta can be as small as
 * a double.
 *
 * @param mu the distance between the means of the two distributions over the noise's deviation
 */
record GaussianLoss(double mu) {
  /** Bounds the relative error of delta, and is added to it. */
  private static final double ERROR = 1e-9;

  /** Bounds the relative error of an epsilon for a given delta, and is added to it. */
  private static final double EPSILON_ERROR = 1e-12;

  /** Below this mu, the difference of Mills' ratios is computed from their Taylor series. */
  private static final double SMALL = 1e-3;

  private static final double ROOT2 = Math.sqrt(2);
  private static final double ROOT_2PI = Math.sqrt(2 * Math.PI);

  /** Beyond this many deviations, a probability is too small for a double. */
  private static final double FARTHEST = 40;

  /** Returns the smallest non-negative epsilon with this delta, rounded up. */
  double epsilon(double delta) {
    if (Double.isInfinite(mu)) {
      return Double.POSITIVE_INFINITY;
    }
    double log = Math.log(delta);
    double low = -mu / 2;
    if (logDelta(low) <= log) {
      return 0;
    }
    double high = Math.max(FARTHEST, low);
    low = Math.max(low, -FARTHEST);
    for (int i = 0; i < 200; i++) {
      double middle = (low + high) / 2;
      if (logDelta(middle) <= log) {
        high = middle;
      } else {
        low = middle;
      }
    }
    // high + mu / 2 may cancel down to the last places of high, hence the ulp.
    double epsilon = mu * (high + mu / 2);
    return (epsilon + Math.ulp(high) * mu) * (1 + EPSILON_ERROR);
  }

  /** Returns the delta at an epsilon, rounded up. */
  double delta(double epsilon) {
    return Double.isInfinite(mu) ? 1 : Math.min(1, Math.exp(logDelta(epsilon / mu - mu / 2)));
  }

  private double logDelta(double a) {
    if (mu > SMALL && a < 0) {
      double density = Math.exp(-a * a / 2) / ROOT_2PI;
      double delta = Erfc.value(a / ROOT2) / 2 - density * mills(a + mu);
      return Math.log(delta) + ERROR;
    }
    double difference = mu > SMALL ? mills(a) - mills(a + mu) : series(a);
    return -a * a / 2 + Math.log(difference / ROOT_2PI) + ERROR;
  }

  /** Computes Mills' ratio, P[z > x] / density(x). */
  private static double mills(double x) {
    return Math.sqrt(Math.PI / 2) * Erfcx.value(x / ROOT2);
  }

  /**
   * Computes m(a) - m(a + mu) by the Taylor series; the derivatives follow m^(k) = a m^(k - 1) + (k
   * - 1) m^(k - 2).
   */
  private double series(double a) {
    double before = mills(a);
    double last = a * before - 1;
    double power = mu;
    double sum = 0;
    for (int k = 1; k <= 6; k++) {
      sum -= last * power;
      power *= mu / (k + 1);
      double next = a * last + k * before;
      before = last;
      last = next;
    }
    return sum;
  }
}
