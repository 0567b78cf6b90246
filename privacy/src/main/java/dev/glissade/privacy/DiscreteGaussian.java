package dev.glissade.privacy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.util.function.Supplier;

/**
 * Draws integers x with probability proportional to {@code f(x) = exp(-x^2 / (2 sigma^2))} (the
 * discrete Gaussian distribution of Canonne, Kamath and Steinke 2020). No rounding reveals where a
 * number came from (Mironov 2012).
 *
 * <p>It samples by rejection: it draws |x| from strips of equal width, whose weights are integers
 * slightly above f at the strip's beginning ({@link AliasTable}), or from a geometric tail beyond
 * the last strip, and accepts with probability f over the weight. This coin compares random bits
 * with a probability known to 2^-40, and if they are closer than that, with one known to better
 * than 2^-250.
 */
final class DiscreteGaussian {
  /** The largest sigma. */
  static final long MAX_SIGMA = 1 << 23;

  private static final int COIN_BITS = 35;
  private static final double COIN_UNIT = 0x1p-35;
  private static final long COIN_MASK = (1L << COIN_BITS) - 1;
  private static final int COIN_SHIFT = 20;
  private static final int MORE_BITS = 256;
  private static final MathContext DIGITS = new MathContext(100);
  private static final double MARGIN = 0x1p-40;

  private final long sigma;
  private final RandomBits bits;
  private final double margin;
  private final AliasTable table;
  private final long offsets;

  /** A coin below this accepts every integer of the strip, without computing f. */
  private final long[] squeeze;

  /**
   * Creates a sampler.
   *
   * @param sigma from 1 to 2^23
   */
  DiscreteGaussian(long sigma, RandomBits bits) {
    this(sigma, bits, MARGIN);
  }

  /**
   * Creates a sampler that computes with many digits within a margin of a probability.
   *
   * @param margin at least 2^-40; it does not change the numbers drawn
   */
  DiscreteGaussian(long sigma, RandomBits bits, double margin) {
    if (sigma < 1 || sigma > MAX_SIGMA) {
      throw new IllegalArgumentException("sigma must be from 1 to 2^23, but was " + sigma);
    }
    this.sigma = sigma;
    this.bits = bits;
    this.margin = margin;
    this.table = new AliasTable(sigma);
    this.offsets = table.width() - 1;
    this.squeeze = new long[table.count()];
    for (int i = 0; i < squeeze.length; i++) {
      double least = density((i + 1) * table.width()) / table.bound(i);
      squeeze[i] = (long) Math.floor((least - margin) / COIN_UNIT) - 1;
    }
  }

  private double density(long y) {
    return Math.exp(-((double) y * y) / (2.0 * sigma * sigma));
  }

  long sigma() {
    return sigma;
  }

  /** Draws the next number. */
  long next() {
    while (true) {
      int strip = table.draw(bits.next());
      // One draw gives the place in the strip, the coin and the sign.
      long drawn = bits.next();
      long coin = (drawn >>> COIN_SHIFT) & COIN_MASK;
      boolean isTail = strip == table.count();
      long y = isTail ? tail() : strip * table.width() + (drawn & offsets);
      boolean accepted =
          isTail ? acceptsTail(y, coin) : coin < squeeze[strip] || accepts(y, strip, coin);
      if (accepted && !(drawn < 0 && y == 0)) {
        return drawn < 0 ? -y : y;
      }
    }
  }

  private boolean accepts(long y, int strip, long coin) {
    return isBelow(
        coin,
        density(y) / table.bound(strip),
        () -> exp(square(y), twoSquares()).divide(table.exactBound(strip), DIGITS));
  }

  /** Draws from the tail: its beginning plus a geometric number of ratio exp(-begin / sigma^2). */
  long tail() {
    long begin = table.count() * table.width();
    double ratio = Math.exp(-(double) begin / ((double) sigma * sigma));
    long y = begin;
    while (isBelow(
        bits.next() & COIN_MASK, ratio, () -> exp(BigInteger.valueOf(begin), square(sigma)))) {
      y++;
    }
    return y;
  }

  /** Accepts y with probability f(y) / (the tail's bound * the probability of y in the tail). */
  boolean acceptsTail(long y, long coin) {
    long begin = table.count() * table.width();
    long k = y - begin;
    double ratio = Math.exp(-(double) begin / ((double) sigma * sigma));
    double over = table.tailBound() * (1 - ratio);
    return isBelow(
        coin,
        density(begin) * density(k) / over,
        () -> {
          BigDecimal exact = exp(BigInteger.valueOf(begin), square(sigma));
          BigDecimal f = exp(square(begin).add(square(k)), twoSquares());
          return f.divide(table.exactTailBound().multiply(BigDecimal.ONE.subtract(exact)), DIGITS);
        });
  }

  /** Returns whether a uniform number with these first bits is below p, which q approximates. */
  private boolean isBelow(long coin, double q, Supplier<BigDecimal> p) {
    double uniform = coin * COIN_UNIT;
    if (uniform + COIN_UNIT < q - margin) {
      return true;
    }
    if (uniform > q + margin) {
      return false;
    }
    BigDecimal exact = p.get();
    BigDecimal unit = new BigDecimal(COIN_UNIT);
    BigDecimal lower = unit.multiply(BigDecimal.valueOf(coin));
    if (exact.compareTo(lower) <= 0 || exact.compareTo(lower.add(unit)) >= 0) {
      return exact.compareTo(lower) > 0;
    }
    BigInteger more = BigInteger.ZERO;
    for (int i = 0; i < MORE_BITS; i += Long.SIZE) {
      BigInteger next = new BigInteger(Long.toUnsignedString(bits.next()));
      more = more.shiftLeft(Long.SIZE).add(next);
    }
    BigDecimal part = new BigDecimal(more).divide(new BigDecimal(BigInteger.TWO.pow(MORE_BITS)));
    return exact.compareTo(lower.add(unit.multiply(part))) > 0;
  }

  private static BigInteger square(long n) {
    return BigInteger.valueOf(n).pow(2);
  }

  private BigInteger twoSquares() {
    return square(sigma).shiftLeft(1);
  }

  /**
   * Computes exp(-n / d) to more than 90 digits: halves the argument until it is small, adds up the
   * series, and squares the result as often.
   */
  static BigDecimal exp(BigInteger n, BigInteger d) {
    BigDecimal x = new BigDecimal(n).divide(new BigDecimal(d), DIGITS).negate();
    int halvings = Math.max(0, n.bitLength() - d.bitLength() + 10);
    x = x.divide(new BigDecimal(BigInteger.ONE.shiftLeft(halvings)), DIGITS);
    BigDecimal term = BigDecimal.ONE;
    BigDecimal sum = BigDecimal.ONE;
    for (int k = 1; k < 40; k++) {
      term = term.multiply(x, DIGITS).divide(BigDecimal.valueOf(k), DIGITS);
      sum = sum.add(term, DIGITS);
    }
    for (int i = 0; i < halvings; i++) {
      sum = sum.multiply(sum, DIGITS);
    }
    return sum;
  }
}
