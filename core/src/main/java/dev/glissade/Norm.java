package dev.glissade;

import dev.glissade.fuse.graph.Node;
import dev.glissade.fuse.graph.Op;
import dev.glissade.fuse.graph.Reduction;

/**
 * A tree and its norm. The norm may exceed the largest double, or be too small for a double's full
 * precision, so results that depend on it are not computed through a double.
 *
 * @param tree the tree
 * @param wide the norm, as the engine represents it
 */
record Norm(Tree tree, Node wide) {
  /** A number of magnitude at most 1, times this, stays in the range of a float. */
  private static final double LARGE = 0x1p127;

  static Norm of(Tree tree) {
    return new Norm(tree, Node.reduce(Reduction.NORM, tree.node()));
  }

  Scalar value() {
    return scalar(Op.NORM);
  }

  private Scalar scalar(Op op) {
    return new Scalar(Node.unary(op, wide, null));
  }

  /** Returns tree / norm; 0 where the norm is 0. */
  Tree normalized() {
    return dividedUnless(isZero());
  }

  /** Returns the tree if norm {@code <=} most, else tree / norm * most. */
  Tree atMost(double most) {
    Scalar one = Scalar.of(1);
    Scalar small = value().lessThan(most).or(value().equalTo(most));
    Tree divided = dividedUnless(small.or(isZero()));
    if (most <= Float.MAX_VALUE) {
      return divided.times(small.choose(one, Scalar.of(most)));
    }
    // most is beyond the range of a float, though the product is not
    return divided
        .times(small.choose(one, Scalar.of(LARGE)))
        .times(small.choose(one, Scalar.of(most / LARGE)));
  }

  private Scalar isZero() {
    return new Scalar(wide).equalTo(0);
  }

  /**
   * Returns the tree if the condition is true, else tree / norm, as a product with the reciprocal.
   */
  private Tree dividedUnless(Scalar whole) {
    Scalar one = Scalar.of(1);
    return tree.times(whole.choose(one, scalar(Op.NORM_RECIPROCAL_POWER)))
        .times(whole.choose(one, scalar(Op.NORM_RECIPROCAL_REST)));
  }
}
