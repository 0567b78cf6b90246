package dev.glissade.schedule;

/** Three steps of a cycle, in any order, and those of them next to a count. */
final class OneCycle {
  private OneCycle() {}

  /** The last of the three that is not after the count, or else 0. */
  static double before(double count, int a, int b, int c) {
    double before = Double.NEGATIVE_INFINITY;
    before = a <= count ? Math.max(before, a) : before;
    before = b <= count ? Math.max(before, b) : before;
    before = c <= count ? Math.max(before, c) : before;
    return before == Double.NEGATIVE_INFINITY ? 0 : before;
  }

  /** The first of the three that is after the count, or else infinity. */
  static double after(double count, int a, int b, int c) {
    double after = Double.POSITIVE_INFINITY;
    after = a > count ? Math.min(after, a) : after;
    after = b > count ? Math.min(after, b) : after;
    return c > count ? Math.min(after, c) : after;
  }
}
