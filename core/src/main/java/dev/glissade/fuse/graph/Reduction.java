package dev.glissade.fuse.graph;

/** A number made of all elements of a tree, or of the products of two. */
public enum Reduction {
  /** sum of a*b */
  DOT,
  /** sum of a*b, never looked at again */
  PLAIN_DOT,
  /** root of the sum of a*a, as a {@link WideNorm} */
  NORM,
  /** sum of a */
  SUM,
  /** sum of |a| */
  SUM_ABS,
  /** largest |a|, 0 of nothing, NaN if any is NaN */
  MAX_ABS,
  /** how many are NaN or infinite */
  NON_FINITE;

  /** Whether it adds up products of its operands. */
  public boolean multiplies() {
    return this == DOT || this == PLAIN_DOT || this == NORM;
  }

  /** What is reduced of one element. */
  public double term(double a, double b) {
    return switch (this) {
      case DOT, PLAIN_DOT, NORM -> a * b;
      case SUM -> a;
      case SUM_ABS, MAX_ABS -> Math.abs(a);
      case NON_FINITE -> Double.isFinite(a) ? 0 : 1;
    };
  }

  /** Two lanes as one. */
  public double combine(double a, double b) {
    return this == MAX_ABS ? Math.max(a, b) : a + b;
  }

  /** The results of two ranges as one. */
  public double join(double a, double b) {
    return this == NORM ? WideNorm.join(a, b) : combine(a, b);
  }

  /** The result of all ranges as the number that the node is. */
  public double result(double joined) {
    return this == NORM ? WideNorm.result(joined) : joined;
  }
}
