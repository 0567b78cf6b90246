package dev.glissade.privacy.accounting;

import java.util.function.DoubleUnaryOperator;

/**
 * Finds the largest positive number for which an increasing figure stays within a limit, in few
 * evaluations. The figure is usually close to a power of the number, so the search takes secants of
 * the logarithms (regula falsi, Illinois), and bisects where these make no progress.
 */
final class IllinoisSearch {
  private static final double MOST_AT_ONCE = 1e6;

  private final double limit;
  private final double precision;
  private final DoubleUnaryOperator figure;
  private final boolean whole;

  /** The largest number tried that keeps the limit. */
  private double kept;

  /** The logarithm of its figure over the limit. */
  private double keptLog;

  /** The smallest number tried that exceeds the limit. */
  private double tooMuch;

  /** The logarithm of its figure over the limit. */
  private double tooMuchLog;

  /** 1 if the last number tried keeps the limit, -1 if not, 0 before the first. */
  private int lastKept;

  /**
   * Creates a search.
   *
   * @param precision the relative precision of the result
   */
  IllinoisSearch(double limit, double precision, DoubleUnaryOperator figure) {
    this(limit, precision, figure, false);
  }

  private IllinoisSearch(
      double limit, double precision, DoubleUnaryOperator figure, boolean whole) {
    this.limit = limit;
    this.precision = precision;
    this.figure = figure;
    this.whole = whole;
  }

  /** Returns this search over integers: exact up to 2^20, then to a relative 2^-20. */
  IllinoisSearch ofWholeNumbers() {
    return new IllinoisSearch(limit, 0x1p-20, figure, true);
  }

  /**
   * Returns the largest number from least to most, or 0 if even the least exceeds the limit.
   *
   * @param first the number to try first
   */
  double largest(double first, double least, double most) {
    kept = 0;
    tooMuch = Double.POSITIVE_INFINITY;
    lastKept = 0;
    look(first);
    bracket(least, most);
    lastKept = 0;
    if (kept == 0 || kept >= most) {
      return kept;
    }
    for (int i = 0; !isFound() && i < 200; i++) {
      look(next(i));
    }
    return kept;
  }

  /** Brackets the limit; the first tries assume that the figure is proportional to the number. */
  private void bracket(double least, double most) {
    for (double factor = 2; kept == 0 && tooMuch > least; factor *= factor) {
      double over = Double.isFinite(tooMuchLog) ? 1.1 * Math.exp(tooMuchLog) : 1;
      double at = Math.max(least, tooMuch / Math.max(factor, over));
      look(whole ? Math.floor(at) : at);
    }
    for (double factor = 2; Double.isInfinite(tooMuch) && kept < most; factor *= factor) {
      double under = Double.isFinite(keptLog) ? 1.1 * Math.exp(-keptLog) : 1;
      double at = Math.min(most, kept * Math.max(factor, Math.min(under, MOST_AT_ONCE)));
      look(whole ? Math.ceil(at) : at);
    }
  }

  private boolean isFound() {
    double gap = tooMuch - kept;
    return (whole && gap <= 1) || gap <= precision * kept;
  }

  private double next(int i) {
    double low = Math.log(kept);
    double high = Math.log(tooMuch);
    boolean secant = Double.isFinite(keptLog) && Double.isFinite(tooMuchLog) && i % 4 != 3;
    double part = secant ? keptLog / (keptLog - tooMuchLog) : 0.5;
    double nearest = whole ? 0 : 0.4 * precision / (high - low);
    double at = Math.exp(low + Math.max(nearest, Math.min(1 - nearest, part)) * (high - low));
    return whole ? Math.max(kept + 1, Math.min(tooMuch - 1, Math.rint(at))) : at;
  }

  /** Tries a number; if one side moves twice in a row, halves the other's logarithm (Illinois). */
  private void look(double at) {
    double value = figure.applyAsDouble(at);
    double log = Math.log(value / limit);
    boolean keeps = value <= limit;
    if (keeps) {
      tooMuchLog = lastKept > 0 ? tooMuchLog / 2 : tooMuchLog;
      kept = at;
      keptLog = log;
    } else {
      keptLog = lastKept < 0 ? keptLog / 2 : keptLog;
      tooMuch = at;
      tooMuchLog = log;
    }
    lastKept = keeps ? 1 : -1;
  }
}
