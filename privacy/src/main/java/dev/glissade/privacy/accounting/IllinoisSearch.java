package dev.glissade.privacy.accounting;

import java.util.function.DoubleUnaryOperator;

/**
 * Finds the largest positive number for which a growing figure keeps a limit, in as few evaluations
 * as can be: figures and numbers are mostly near to powers of each other, so secants are taken of
 * their logarithms (regula falsi, Illinois), and the middle where these get nowhere.
 */
final class IllinoisSearch {
  private static final double MOST_AT_ONCE = 1e6;

  private final double limit;
  private final double precision;
  private final DoubleUnaryOperator figure;
  private final boolean whole;

  /**
   * The largest number seen that keeps the limit, and the logarithm of its figure over the limit.
   */
  private double kept;

  private double keptLog;

  /** The smallest seen that does not. */
  private double tooMuch;

  private double tooMuchLog;

  /** 1 or -1: whether the last number looked at keeps the limit; 0 before the first. */
  private int lastKept;

  /**
   * A search.
   *
   * @param precision how near to the largest, in parts of it
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

  /** The same for whole numbers, of which the largest is found up to 2^20, then to a millionth. */
  IllinoisSearch ofWholeNumbers() {
    return new IllinoisSearch(limit, 0x1p-20, figure, true);
  }

  /**
   * Returns the largest number from least to most, or 0 if not even the least keeps the limit.
   *
   * @param first where to begin
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

  /** Goes on, at first as if the figure were proportional, until it has numbers on both sides. */
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

  /** Halves the other side's logarithm where one side moves twice in a row (Illinois). */
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
