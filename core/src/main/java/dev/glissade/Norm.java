package dev.glissade;

import dev.glissade.fuse.Node;
import dev.glissade.fuse.Op;
import dev.glissade.fuse.Reduction;

/**
 * A tree and its norm, which may be larger than the largest double or too small to be held with all
 * digits: what is made of the tree and its norm does not go through a double.
 *
 * @param wide the norm, as the engine holds it
 */
record Norm(Tree tree, Node wide) {
  /** Times this, a number that is at most 1 stays in the range of a float. */
  private static final double LARGE = 0x1p127;

  static Norm of(Tree tree) {
    return new Norm(tree, Node.reduce(Reduction.NORM, tree.node()));
  }

  Scalar value() {
    return scalar(Op.NORM);
  }

  private Scalar scalar(Op op) {
    return new Scalar(Node.unary(op, wide, null), false);
  }

  /** tree / norm; 0 where the norm is 0. */
  Tree normalized() {
    return dividedUnless(isZero());
  }

  /** tree where norm < most, else tree / norm * most. */
  Tree atMost(double most) {
    Scalar one = Scalar.of(1);
    Scalar small = value().lessThan(most);
    Tree divided = dividedUnless(small.or(isZero()));
    if (most <= Float.MAX_VALUE) {
      return divided.times(small.choose(one, Scalar.of(most)));
    }
    // most is no float, though the product is one
    return divided
        .times(small.choose(one, Scalar.of(LARGE)))
        .times(small.choose(one, Scalar.of(most / LARGE)));
  }

  private Scalar isZero() {
    return new Scalar(wide, false).equalTo(0);
  }

  /** tree where the condition is true, else tree / norm, as a product with the reciprocal. */
  private Tree dividedUnless(Scalar whole) {
    Scalar one = Scalar.of(1);
    return tree.times(whole.choose(one, scalar(Op.NORM_RECIPROCAL_POWER)))
        .times(whole.choose(one, scalar(Op.NORM_RECIPROCAL_REST)));
  }
}
