package dev.glissade;

import dev.glissade.fuse.graph.Node;
import dev.glissade.records.Records;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A choice between two values of one form, leaf by leaf. */
final class Choice {
  private Choice() {}

  static <T> T of(Scalar condition, T whenTrue, T whenFalse) {
    return Records.zip(whenTrue, whenFalse, (a, b) -> leaf(condition, a, b));
  }

  private static @Nullable Object leaf(Scalar condition, @Nullable Object a, @Nullable Object b) {
    if (a instanceof Tree left && b instanceof Tree right) {
      return left == right ? left : Tree.choose(condition, left, right);
    }
    if (a instanceof Scalar left && b instanceof Scalar right) {
      return left == right
          ? left
          : new Scalar(Node.choose(condition.node(), left.node(), right.node(), null), false);
    }
    if (a instanceof RandomKey left && b instanceof RandomKey right) {
      return left == right
          ? left
          : new RandomKey(Node.choose(condition.node(), left.node(), right.node(), null), false);
    }
    if (!Objects.equals(a, b)) {
      throw new IllegalArgumentException("a choice must not change %s to %s".formatted(a, b));
    }
    return a;
  }
}
