package dev.glissade.privacy.accounting;

import org.apache.commons.numbers.gamma.Erfc;
import org.apache.commons.numbers.gamma.Erfcx;

/**
 * The privacy loss of sums without sampling, which is normal: any number of them together are one
 * Gaussian mechanism (Balle and Wang 2018, Theorem 8), with
 *
 * <pre>{@code delta = P[z > a] - e^epsilon P[z > a + mu],  a = epsilon / mu - mu / 2}</pre>
 *
 * <p>As {@code e^epsilon} is {@code density(a) / density(a + mu)}, this is {@code density(a) (m(a)
 * - m(a + mu))}, where m is Mills' ratio; nothing in it overflows, and delta may be as small as
 * doubles can be.
 *
 * @param mu the distance of the two distributions over the noise's deviation
 */
record GaussianLoss(double mu) {
  /** What delta may be off by, in parts of it, and epsilon then; both are added. */
  private static final double ERROR = 1e-9;

  private static final double EPSILON_ERROR = 1e-12;

  /** For a smaller mu the difference of Mills' ratios is taken from their Taylor series. */
  private static final double SMALL = 1e-3;

  private static final double ROOT2 = Math.sqrt(2);
  private static final double ROOT_2PI = Math.sqrt(2 * Math.PI);

  /** Beyond this many deviations there is no probability that a double can hold. */
  private static final double FARTHEST = 40;

  /** Returns the smallest epsilon of 0 or more with this delta, rounded up. */
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
    // high may be -mu / 2 but for its last places
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

  /** P[z > x] / density(x). */
  private static double mills(double x) {
    return Math.sqrt(Math.PI / 2) * Erfcx.value(x / ROOT2);
  }

  /**
   * m(a) - m(a + mu); the k-th derivative is x times the one before and k - 1 times that before.
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
