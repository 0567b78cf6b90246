package dev.glissade.privacy;

import java.math.BigInteger;
import java.util.function.Supplier;

/**
 * Whole numbers x with probability proportional to {@code exp(-x^2 / (2 sigma^2))}, exactly:
 * Canonne, Kamath and Steinke 2020, Algorithms 1 to 3. There is no rounding that could tell where a
 * number came from (Mironov 2012). The paper's coins have rational probabilities; here such a coin
 * compares 64 random bits with a probability known to 2^-48 and computes exactly if they are as
 * near as that.
 */
final class DiscreteGaussian {
  private static final double UNCERTAIN = 0x1p-48;
  private static final int BITS = 53;

  private final long sigma;
  private final long t;
  private final RandomBits bits;
  private final double uncertain;

  /**
   * A sampler.
   *
   * @param sigma from 1 to 2^24
   */
  DiscreteGaussian(long sigma, RandomBits bits) {
    this(sigma, bits, UNCERTAIN);
  }

  /**
   * A sampler that computes exactly within this distance of a probability.
   *
   * @param uncertain at least 2^-48; the numbers are the same whatever it is
   */
  DiscreteGaussian(long sigma, RandomBits bits, double uncertain) {
    if (sigma < 1 || sigma > 1 << 24) {
      throw new IllegalArgumentException("sigma must be from 1 to 2^24: " + sigma);
    }
    this.sigma = sigma;
    this.t = sigma + 1;
    this.bits = bits;
    this.uncertain = uncertain;
  }

  /** The next number. */
  long next() {
    while (true) {
      long y = laplace();
      // accept with exp(-(|y| - sigma^2 / t)^2 / (2 sigma^2)) = exp(-n^2 / (2 sigma^2 t^2))
      long n = Math.abs(y) * t - sigma * sigma;
      double root = (double) n / ((double) sigma * t);
      double gamma = root * root / 2;
      if (gamma < 1 ? expCoin(gamma, () -> Ratio.of(square(n), squares())) : largeCoin(n)) {
        return y;
      }
    }
  }

  /** The discrete Laplace distribution of scale t. */
  private long laplace() {
    while (true) {
      long u = below(t);
      if (!expCoin((double) u / t, () -> Ratio.of(BigInteger.valueOf(u), BigInteger.valueOf(t)))) {
        continue;
      }
      long v = 0;
      while (inverseE()) {
        v++;
      }
      long x = u + t * v;
      boolean negative = bits.next() < 0;
      if (!(negative && x == 0)) {
        return negative ? -x : x;
      }
    }
  }

  /** A uniform number from 0 to bound - 1. */
  private long below(long bound) {
    long mask = Long.highestOneBit(bound) * 2 - 1;
    long drawn = bits.next() & mask;
    while (drawn >= bound) {
      drawn = bits.next() & mask;
    }
    return drawn;
  }

  private static BigInteger square(long n) {
    return BigInteger.valueOf(n).pow(2);
  }

  private BigInteger squares() {
    return BigInteger.valueOf(sigma).multiply(BigInteger.valueOf(t)).pow(2).shiftLeft(1);
  }

  /** exp(-n^2 / (2 sigma^2 t^2)) beyond exp(-1): exp(-1) as often as it is whole, and the rest. */
  private boolean largeCoin(long n) {
    BigInteger[] parts = square(n).divideAndRemainder(squares());
    for (long k = parts[0].longValueExact(); k > 0; k--) {
      if (!inverseE()) {
        return false;
      }
    }
    double rest = parts[1].doubleValue() / squares().doubleValue();
    return expCoin(rest, () -> Ratio.of(parts[1], squares()));
  }

  private boolean inverseE() {
    return expCoin(1, () -> Ratio.of(BigInteger.ONE, BigInteger.ONE));
  }

  /**
   * True with probability exp(-gamma), gamma at most 1: the first k of coins gamma/k that fails.
   */
  private boolean expCoin(double gamma, Supplier<Ratio> exact) {
    long k = 1;
    while (coin(gamma / k, exact, k)) {
      k++;
    }
    return (k & 1) == 1;
  }

  /** True with the exact probability over k, which p is near. */
  private boolean coin(double p, Supplier<Ratio> exact, long k) {
    long drawn = bits.next() >>> (64 - BITS);
    double uniform = drawn * 0x1p-53;
    if (uniform < p - uncertain) {
      return true;
    }
    if (uniform > p + uncertain) {
      return false;
    }
    return exact.get().isAbove(drawn, k, bits);
  }

  /** A probability as a ratio of whole numbers. */
  private record Ratio(BigInteger numerator, BigInteger denominator) {
    static Ratio of(BigInteger numerator, BigInteger denominator) {
      return new Ratio(numerator, denominator);
    }

    /** Whether a uniform number of which these bits are the first is below this over k. */
    boolean isAbove(long first, long k, RandomBits more) {
      BigInteger over = denominator.multiply(BigInteger.valueOf(k));
      BigInteger left = numerator;
      long drawn = first;
      while (true) {
        BigInteger[] parts = left.shiftLeft(BITS).divideAndRemainder(over);
        int order = BigInteger.valueOf(drawn).compareTo(parts[0]);
        if (order != 0) {
          return order < 0;
        }
        if (parts[1].signum() == 0) {
          return false;
        }
        left = parts[1];
        drawn = more.next() >>> (64 - BITS);
      }
    }
  }
}
