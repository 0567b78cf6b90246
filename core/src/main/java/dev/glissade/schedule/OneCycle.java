package dev.glissade.schedule;

/** Finds, among the three corners of a cycle, given in any order, the ones next to a count. */
final class OneCycle {
  private OneCycle() {}

  /** Returns the last corner that is not after the count; 0 if all are. */
  static double before(double count, int a, int b, int c) {
    double before = Double.NEGATIVE_INFINITY;
    before = a <= count ? Math.max(before, a) : before;
    before = b <= count ? Math.max(before, b) : before;
    before = c <= count ? Math.max(before, c) : before;
    return before == Double.NEGATIVE_INFINITY ? 0 : before;
  }

  /** Returns the first corner that is after the count; infinity if none is. */
  static double after(double count, int a, int b, int c) {
    double after = Double.POSITIVE_INFINITY;
    after = a > count ? Math.min(after, a) : after;
    after = b > count ? Math.min(after, b) : after;
    return c > count ? Math.min(after, c) : after;
  }
}
