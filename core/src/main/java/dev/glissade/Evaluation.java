package dev.glissade;

import dev.glissade.fuse.graph.Node;
import dev.glissade.fuse.graph.Target;
import dev.glissade.fuse.memory.Plane;
import dev.glissade.fuse.run.Engine;
import dev.glissade.fuse.run.Execution;
import dev.glissade.records.Records;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes values of any form concrete: all that is deferred in them is computed in one program. */
final class Evaluation {
  private Evaluation() {}

  /**
   * The value with every tree, scalar and key computed and owned: a tree on arrays that somebody
   * else may change is copied.
   */
  static <T> T of(T value) {
    List<Target> targets = new ArrayList<>();
    Records.walk(value, (path, leaf) -> collect(leaf, targets));
    if (targets.isEmpty()) {
      return Records.map(value, Evaluation::asConcrete);
    }
    Execution execution = Engine.evaluate(targets);
    int[] next = {0};
    return Records.map(value, leaf -> concrete(leaf, execution, next));
  }

  /** The same value, its numbers not to be looked at: what a step sees. */
  static <T> T lifted(T value) {
    return Records.map(value, Evaluation::liftedLeaf);
  }

  private static @Nullable Object liftedLeaf(@Nullable Object leaf) {
    if (leaf instanceof Tree tree) {
      return tree.lifted();
    }
    if (leaf instanceof Scalar scalar) {
      return new Scalar(scalar.node(), false);
    }
    return leaf instanceof RandomKey key ? new RandomKey(key.node(), false) : leaf;
  }

  private static void collect(@Nullable Object leaf, List<Target> targets) {
    if (leaf instanceof Tree tree && !isOwned(tree)) {
      targets.add(Target.fresh(tree.node(), tree.structure().layout()));
    } else if (leaf instanceof Scalar scalar && !scalar.node().isConstant()) {
      targets.add(Target.value(scalar.node()));
    } else if (leaf instanceof RandomKey key && !key.node().isConstant()) {
      targets.add(Target.value(key.node()));
    }
  }

  static boolean isOwned(Tree tree) {
    Node node = tree.node();
    if (!node.isInput()) {
      return false;
    }
    for (Plane plane : node.planes()) {
      if (plane.borrowed()) {
        return false;
      }
    }
    return true;
  }

  private static @Nullable Object asConcrete(@Nullable Object leaf) {
    if (leaf instanceof Tree tree) {
      return tree.isConcrete() ? tree : new Tree(tree.structure(), tree.node(), true);
    }
    if (leaf instanceof Scalar scalar) {
      return scalar.isConcrete() ? scalar : new Scalar(scalar.node(), true);
    }
    if (leaf instanceof RandomKey key) {
      return key.isConcrete() ? key : new RandomKey(key.node(), true);
    }
    return leaf;
  }

  private static @Nullable Object concrete(@Nullable Object leaf, Execution execution, int[] next) {
    if (leaf instanceof Tree tree && !isOwned(tree)) {
      return Tree.ofPlanes(tree.structure(), execution.planes(next[0]++));
    }
    if (leaf instanceof Scalar scalar && !scalar.node().isConstant()) {
      return Scalar.of(execution.value(next[0]++));
    }
    if (leaf instanceof RandomKey key && !key.node().isConstant()) {
      return RandomKey.ofBits(execution.key(next[0]++));
    }
    return asConcrete(leaf);
  }
}
