package dev.glissade.privacy.accounting;

/**
 * The Renyi divergence of the sampled Gaussian mechanism (Mironov, Talwar and Zhang 2019): of order
 * a, {@code log(A) / (a - 1)} with
 *
 * <pre>{@code A = E[(1 - q + q e^((2 z - 1) / (2 sigma^2)))^a],  z normal with deviation sigma}
 * </pre>
 *
 * <p>The paper writes A as sums, whose terms cancel for fractional orders. We integrate A - 1
 * instead, without the linear term, whose mean is 0: every term is positive, so the result is
 * correct to a few units in the last place whether A - 1 is 1e-15 or e^1000. The integrand is
 * analytic, so the trapezoidal rule soon converges to the precision of doubles.
 */
final class RenyiDivergence {
  /** Normal tails beyond this many deviations are below 1e-125. */
  private static final double TAIL = 24;

  /**
   * Beyond this u, e^u may overflow, and 1 and the linear term are negligible next to its power.
   */
  private static final double LARGEST_EXPONENT = 600;

  /** With less noise sampling is ignored: the divergence is in the hundreds anyway. */
  private static final double SMALLEST_SIGMA = 0.05;

  /** Above this log(A) sampling is ignored too: an epsilon would be in the thousands. */
  private static final double LARGEST_LOG = 1e6;

  /** A value whose logarithm is this much below the largest adds nothing: e^-60 of millions. */
  private static final double SMALL = 60;

  private RenyiDivergence() {}

  /** Computes the divergence of one step; at least the smallest double, unless q is 0. */
  static double of(double q, double sigma, double order) {
    if (q == 0) {
      return 0;
    }
    if (sigma == 0) {
      return Double.POSITIVE_INFINITY;
    }
    double whole = order / (2 * sigma * sigma);
    if (q == 1
        || sigma < SMALLEST_SIGMA
        || whole * (order - 1) + order * Math.log(q) > LARGEST_LOG) {
      return Math.max(whole, Double.MIN_VALUE);
    }
    double log = logExcess(q, sigma, order);
    double logA = log > 40 ? log : Math.log1p(Math.exp(log));
    return Math.max(logA / (order - 1), Double.MIN_VALUE);
  }

  /**
   * Computes log(A - 1) by the trapezoidal rule. The integrand falls after z = 0, and with large
   * orders rises again towards z = order, where all {@code a} factors are e^u. Beyond z = 8 sigma
   * its logarithm has a slope of at most (a + 4) / sigma^2 + 1 / sigma, so where it is far below
   * the largest value so far, points that can't matter are skipped.
   */
  private static double logExcess(double q, double sigma, double order) {
    double step = sigma / Math.max(8, 4 / sigma);
    double to = TAIL * sigma + order;
    double steepest = (order + 4) / (sigma * sigma) + 1 / sigma;
    double largest = Double.NEGATIVE_INFINITY;
    double sum = 0;
    long i = (long) Math.floor(-TAIL * sigma / step);
    while (i * step <= to) {
      double z = i * step;
      double log = -z * z / (2 * sigma * sigma) + logTerm(q, sigma, order, z);
      if (log > largest) {
        sum = sum * Math.exp(largest - log) + 1;
        largest = log;
      } else {
        sum += Math.exp(log - largest);
      }
      double room = z > 8 * sigma ? (largest - SMALL - log) / steepest : 0;
      i += room > step ? (long) (Math.min(room, to) / step) : 1;
    }
    return largest + Math.log(sum * step / (sigma * Math.sqrt(2 * Math.PI)));
  }

  /**
   * Computes log((1 + x)^a - 1 - a x) with x = q (e^u - 1); its argument is not negative for a of
   * at least 1.
   */
  private static double logTerm(double q, double sigma, double a, double z) {
    double u = (2 * z - 1) / (2 * sigma * sigma);
    if (u > LARGEST_EXPONENT) {
      return a * (u + Math.log(q));
    }
    double x = q * Math.expm1(u);
    if (Math.abs(a * x) < 1e-2) {
      return Math.log(series(a, x));
    }
    double power = a * Math.log1p(x);
    return power > 30
        ? power + Math.log1p(-(1 + a * x) * Math.exp(-power))
        : Math.log(Math.max(Math.expm1(power) - a * x, 0));
  }

  /** Computes (1 + x)^a - 1 - a x by the binomial series. */
  private static double series(double a, double x) {
    double term = a * x;
    double sum = 0;
    for (int k = 2; k < 40; k++) {
      term *= (a - k + 1) / k * x;
      sum += term;
    }
    return Math.max(sum, 0);
  }
}
