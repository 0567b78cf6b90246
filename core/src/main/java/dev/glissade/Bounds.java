package dev.glissade;

import dev.glissade.fuse.Element;
import dev.glissade.fuse.Layout;
import dev.glissade.fuse.Op;

/**
 * Trees whose numbers are kept within bounds of the types that they are computed in.
 *
 * <p>A number x loses what is beyond a bound by x - ((x + a) - a), with a power of two as a: below
 * 2^-25 a the sum is a, so that x stays as it is, bit for bit; up to a it loses a multiple of a's
 * unit in the last place, so that at most 2^-24 a is left; above, the sum is exact, or differs from
 * x + a by one bit, which is left and which the second round takes. An infinity becomes NaN. (The
 * JDK's minimum and maximum say the same better, but took as long as all the rest of AdamW's step.)
 */
final class Bounds {

  /** Leaves at most 2^62 of a float, the square of which is finite with room for sums: 2^124. */
  private static final double FLOAT = 0x1p86;

  /** As large as a may be: the largest float + 2^103 is rounded to infinity. */
  private static final double LARGEST_FLOAT = 0x1p102;

  /** Leaves at most 2^509 of a double. */
  private static final double DOUBLE = 0x1p562;

  private static final double LARGEST_DOUBLE = 0x1p969;

  private Bounds() {}

  /** The tree so that squares of its products with the factor are finite. */
  static Tree squarable(Tree tree, Scalar factor) {
    return byType(
        tree,
        single -> {
          Scalar a =
              factor
                  .reciprocalPower()
                  .times(single ? FLOAT : DOUBLE)
                  .min(single ? LARGEST_FLOAT : LARGEST_DOUBLE);
          return remainder(remainder(tree, a), a);
        });
  }

  private static Tree remainder(Tree x, Scalar a) {
    return x.minus(x.with(Op.ADD, a).with(Op.SUB, a));
  }

  /** The tree with the largest number of the type in place of infinity. */
  static Tree capped(Tree tree) {
    return byType(tree, single -> tree.min(single ? Float.MAX_VALUE : Double.MAX_VALUE));
  }

  @FunctionalInterface
  private interface ByType {
    Tree made(boolean single);
  }

  /** What is made for each leaf's type. */
  private static Tree byType(Tree tree, ByType make) {
    Layout layout = tree.structure().layout();
    int doubles = 0;
    for (int p = 0; p < layout.planes(); p++) {
      doubles += layout.element(p) == Element.F64 ? 1 : 0;
    }
    if (doubles == 0) {
      return make.made(true);
    }
    Tree inDouble = make.made(false);
    return doubles == layout.planes()
        ? inDouble
        : inDouble.where(path -> isDouble(tree, path), make.made(true));
  }

  private static boolean isDouble(Tree tree, String path) {
    return tree.structure().leaf(path).dtype().element() == Element.F64;
  }
}
