package dev.glissade.contrib;

import dev.glissade.Tree;

/** Compares the signs of numbers, without their product, which may underflow to 0. */
final class Signs {
  private Signs() {}

  /** Returns 1 where one number is positive and the other negative, else 0, also for NaN. */
  static Tree differ(Tree a, Tree b) {
    Tree first = a.greaterThan(0).times(b.lessThan(0));
    Tree second = a.lessThan(0).times(b.greaterThan(0));
    return first.plus(second);
  }
}
