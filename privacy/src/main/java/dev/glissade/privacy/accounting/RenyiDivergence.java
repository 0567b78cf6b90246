package dev.glissade.privacy.accounting;

/**
 * The Renyi divergence of the sampled Gaussian mechanism (Mironov, Talwar and Zhang 2019): of order
 * a, {@code log(A) / (a - 1)} with
 *
 * <pre>{@code A = E[(1 - q + q e^((2 z - 1) / (2 sigma^2)))^a],  z normal with deviation sigma}
 * </pre>
 *
 * <p>The paper has sums for A whose terms cancel for orders that are not whole. Here A - 1 is
 * integrated as it stands, less the linear term, whose mean is 0: all that is added up is positive,
 * and so is right to some units in the last place whether A - 1 is 1e-15 or e^1000. The integrand
 * is analytic, so the trapezoidal rule converges as fast as numbers can show.
 */
final class RenyiDivergence {
  /** Normal tails beyond this many deviations are below 1e-125. */
  private static final double TAIL = 24;

  /** Beyond this e^u can't be held; 1 and the linear term are nothing beside such a power. */
  private static final double LARGEST_EXPONENT = 600;

  /** For less noise sampling is not counted: the divergence is in the hundreds anyway. */
  private static final double SMALLEST_SIGMA = 0.05;

  private RenyiDivergence() {}

  /** The divergence of one step. */
  static double of(double q, double sigma, double order) {
    if (q == 0) {
      return 0;
    }
    if (sigma == 0) {
      return Double.POSITIVE_INFINITY;
    }
    if (q == 1 || sigma < SMALLEST_SIGMA) {
      return order / (2 * sigma * sigma);
    }
    double log = logExcess(q, sigma, order);
    double logA = log > 40 ? log : Math.log1p(Math.exp(log));
    return logA / (order - 1);
  }

  /** log(A - 1). */
  private static double logExcess(double q, double sigma, double order) {
    double step = sigma / Math.max(8, 4 / sigma);
    double from = -TAIL * sigma;
    double to = TAIL * sigma + order;
    int points = (int) Math.ceil((to - from) / step);
    double[] logs = new double[points + 1];
    double largest = Double.NEGATIVE_INFINITY;
    for (int i = 0; i <= points; i++) {
      double z = from + i * step;
      logs[i] = -z * z / (2 * sigma * sigma) + logTerm(q, sigma, order, z);
      largest = Math.max(largest, logs[i]);
    }
    double sum = 0;
    for (double log : logs) {
      sum += Math.exp(log - largest);
    }
    return largest + Math.log(sum * step / (sigma * Math.sqrt(2 * Math.PI)));
  }

  /** log((1 + x)^a - 1 - a x) with x = q (e^u - 1), which is not negative for a of 1 or more. */
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

  /** The binomial series from its second term on. */
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
