package dev.glissade.fuse.graph;

/** Reduces the elements of a tree, or the products of two trees, to a number. */
public enum Reduction {
  /** The sum of a*b. */
  DOT,
  /** The sum of a*b, never retried. */
  PLAIN_DOT,
  /** The root of the sum of a*a, as a {@link WideNorm}. */
  NORM,
  /** The sum of a. */
  SUM,
  /** The sum of |a|. */
  SUM_ABS,
  /** The largest |a|: 0 without elements, NaN if any element is NaN. */
  MAX_ABS,
  /** The number of NaN and infinite elements. */
  NON_FINITE;

  /** Returns whether it sums products of its operands. */
  public boolean multiplies() {
    return this == DOT || this == PLAIN_DOT || this == NORM;
  }

  /** Returns the contribution of one element. */
  public double term(double a, double b) {
    return switch (this) {
      case DOT, PLAIN_DOT, NORM -> a * b;
      case SUM -> a;
      case SUM_ABS, MAX_ABS -> Math.abs(a);
      case NON_FINITE -> Double.isFinite(a) ? 0 : 1;
    };
  }

  /** Combines two lanes. */
  public double combine(double a, double b) {
    return this == MAX_ABS ? Math.max(a, b) : a + b;
  }

  /** Joins the results of two ranges. */
  public double join(double a, double b) {
    return this == NORM ? WideNorm.join(a, b) : combine(a, b);
  }

  /** Converts the joined result of all ranges to the value of the node. */
  public double result(double joined) {
    return this == NORM ? WideNorm.result(joined) : joined;
  }
}
