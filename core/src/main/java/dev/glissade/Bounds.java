package dev.glissade;

import dev.glissade.fuse.Element;
import dev.glissade.fuse.Layout;
import dev.glissade.fuse.Op;
import java.util.function.DoubleFunction;

/** Trees whose numbers are kept within bounds of the types that they are computed in. */
final class Bounds {

  /** Squares of these, and the sum of two such squares, are finite: 2^126 of 2^128 ... */
  private static final double SQUARED_IN_FLOAT = 0x1p63;

  /** ... and 2^1022 of 2^1024. */
  private static final double SQUARED_IN_DOUBLE = 0x1p511;

  private Bounds() {}

  /** The tree with finite numbers of which the product with the factor has no square at the root. */
  static Tree squarable(Tree tree, Scalar factor) {
    Tree clamped =
        byType(
            tree,
            SQUARED_IN_FLOAT,
            SQUARED_IN_DOUBLE,
            root -> {
              Scalar bound = Scalar.of(root).dividedBy(factor);
              return tree.with(Op.MAX, bound.negate()).with(Op.MIN, bound);
            });
    // 0, but NaN of what is not finite: a choice by element would be no vector's work
    return clamped.plus(tree.minus(tree));
  }

  /** a + b, the largest number of the type where that of finite ones is beyond it. */
  static Tree sum(Tree a, Tree b) {
    Tree sum = a.plus(b);
    return byType(
        sum,
        Float.MAX_VALUE,
        Double.MAX_VALUE,
        largest -> {
          // the largest, but infinite where one of the two is
          Tree top = a.linear(Op.MAX, b, "plus").with(Op.MAX, Scalar.of(largest));
          Tree bottom = a.linear(Op.MIN, b, "plus").with(Op.MIN, Scalar.of(-largest));
          return sum.linear(Op.MIN, top, "plus").linear(Op.MAX, bottom, "plus");
        });
  }

  /** What is made with the number of each leaf's type. */
  private static Tree byType(Tree tree, double single, double wide, DoubleFunction<Tree> made) {
    Layout layout = tree.structure().layout();
    int doubles = 0;
    for (int p = 0; p < layout.planes(); p++) {
      doubles += layout.element(p) == Element.F64 ? 1 : 0;
    }
    if (doubles == 0) {
      return made.apply(single);
    }
    Tree inDouble = made.apply(wide);
    return doubles == layout.planes()
        ? inDouble
        : inDouble.where(path -> isDouble(tree, path), made.apply(single));
  }

  private static boolean isDouble(Tree tree, String path) {
    return tree.structure().leaf(path).dtype().element() == Element.F64;
  }
}
