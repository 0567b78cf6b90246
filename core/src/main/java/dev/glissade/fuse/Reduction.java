package dev.glissade.fuse;

/** A number made of all elements of a tree, or of the products of two. */
public enum Reduction {
  /** sum of a*b */
  DOT,
  /** sum of a */
  SUM,
  /** sum of |a| */
  SUM_ABS,
  /** largest |a|, 0 of nothing, NaN if any is NaN */
  MAX_ABS,
  /** how many are NaN or infinite */
  NON_FINITE;

  double combine(double a, double b) {
    return this == MAX_ABS ? Math.max(a, b) : a + b;
  }
}
