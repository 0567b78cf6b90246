package dev.glissade;

import dev.glissade.fuse.graph.Op;
import dev.glissade.fuse.memory.Element;
import dev.glissade.fuse.memory.Layout;

/**
 * Bounds the numbers of trees, depending on the type in which they are computed.
 *
 * <p>The formula is x - ((x + a) - a), applied twice, where a is a power of two. If x is below
 * 2^-25 a, the sum is a, and x stays the same, bit for bit. For x up to a, x loses a multiple of
 * a's unit in the last place, so at most 2^-24 a is left. Above a, the sum is exact or differs from
 * x + a by one bit; that bit is left, and the second round removes it. An infinity becomes NaN.
 * (The JDK's min and max would be clearer, but took as long as the rest of AdamW's step.)
 */
final class Bounds {

  /** Leaves at most 2^62 of a float: its square, 2^124, is finite and has room for sums. */
  private static final double FLOAT = 0x1p86;

  /** The largest a for floats: the largest float + 2^103 rounds to infinity. */
  private static final double LARGEST_FLOAT = 0x1p102;

  /** Leaves at most 2^509 of a double. */
  private static final double DOUBLE = 0x1p562;

  private static final double LARGEST_DOUBLE = 0x1p969;

  private Bounds() {}

  /** Bounds the tree so that the squares of its products with the factor are finite. */
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

  /** Replaces infinity by the largest number of the type. */
  static Tree capped(Tree tree) {
    return byType(tree, single -> tree.min(single ? Float.MAX_VALUE : Double.MAX_VALUE));
  }

  @FunctionalInterface
  private interface ByType {
    Tree made(boolean single);
  }

  /** Computes a tree for each type of leaf, and takes each leaf from the tree of its type. */
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
    if (doubles == layout.planes()) {
      return inDouble;
    }
    Structure leaves = tree.structure().separated();
    Tree chosen =
        inDouble
            .separated()
            .where(path -> isDouble(leaves.leaf(path)), make.made(true).separated());
    return tree.structure().isJoined() ? chosen.joined() : chosen;
  }

  private static boolean isDouble(Structure.Leaf leaf) {
    return leaf.dtype().element() == Element.F64;
  }
}
