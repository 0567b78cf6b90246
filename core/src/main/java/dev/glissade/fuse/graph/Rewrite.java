package dev.glissade.fuse.graph;

import dev.glissade.fuse.memory.Layout;
import org.jspecify.annotations.Nullable;

/** Rewrites expressions to equal ones that move less memory. */
public final class Rewrite {
  private Rewrite() {}

  /**
   * Adds x and u. If u subtracts x, x cancels exactly, which saves a read of x and a rounding: x +
   * (a - x) is a, and x + ((a - x) + b) is a + b. This applies to each branch of a choice.
   */
  public static Node sum(Node x, Node u, Layout layout) {
    if (u.kind == Node.Kind.CHOOSE) {
      Node first = sum(x, u.operands[1], layout);
      return Node.choose(u.operands[0], first, sum(x, u.operands[2], layout), layout);
    }
    Node canceled = without(x, u);
    return canceled == null ? Node.binary(Op.ADD, x, u, layout) : canceled;
  }

  /** Returns u + x if u subtracts x, else null. */
  private static @Nullable Node without(Node x, Node u) {
    if (u.kind != Node.Kind.BINARY || u.sort != Node.Sort.TREE) {
      return null;
    }
    Node left = u.operands[0];
    Node right = u.operands[1];
    if (u.op() == Op.SUB && right == x) {
      return left;
    }
    if (u.op() == Op.ADD || u.op() == Op.SUB) {
      Node rest = left.sort == Node.Sort.TREE ? without(x, left) : null;
      return rest == null ? null : Node.binary(u.op(), rest, right, u.layout);
    }
    return null;
  }

  /**
   * Returns the inner product of two trees. If another pass reduces the scale c of a sum a + c b,
   * it distributes the product, (a + c b) y = a y + c (b y), so that one pass computes all
   * reductions.
   */
  public static Node dot(Node x, Node y) {
    if (x.kind == Node.Kind.BINARY && x.op() == Op.ADD) {
      Node scaled = x.operands[1];
      if (scaled.kind == Node.Kind.BINARY && scaled.op() == Op.MUL) {
        Node a = x.operands[0];
        Node b = scaled.operands[0];
        Node c = scaled.operands[1];
        int distributed = Math.max(Math.max(a.depth, b.depth), y.depth);
        if (c.sort == Node.Sort.SCALAR && c.depth > distributed) {
          Node product = Node.binary(Op.MUL, c, Node.reduce(Reduction.DOT, b, y), null);
          return Node.binary(Op.ADD, Node.reduce(Reduction.DOT, a, y), product, null);
        }
      }
    }
    return Node.reduce(Reduction.DOT, x, y);
  }
}
