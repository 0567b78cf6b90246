package dev.glissade;

import dev.glissade.fuse.graph.Node;
import dev.glissade.fuse.graph.Target;
import dev.glissade.fuse.run.Engine;
import dev.glissade.fuse.run.Execution;
import dev.glissade.records.Records;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A tree, a scalar or a random key: a node of the engine's graph, whose value can be read once it
 * is evaluated. Other values, such as states, are made of these and of parts that take no part in
 * arithmetic.
 */
abstract sealed class Deferred permits Tree, Scalar, RandomKey {
  private final Node node;
  private final boolean evaluated;

  Deferred(Node node, boolean evaluated) {
    this.node = node;
    this.evaluated = evaluated;
  }

  final Node node() {
    return node;
  }

  /**
   * {@return whether the value is known} What a transformation receives in a step has no value yet.
   */
  public boolean isEvaluated() {
    return evaluated;
  }

  /** Returns what a program depends on here, apart from the numbers. */
  abstract Object signature();

  /** Returns a value of this form on another node. */
  abstract Deferred on(Node other, boolean isEvaluated);

  /** Returns whether the value is known and in memory that nobody else changes. */
  abstract boolean isOwned();

  /** Returns a new node with this value, to which later runs bind other values. */
  abstract Node variable();

  /**
   * Returns the target that the engine has to compute for this value.
   *
   * @param over the node of a tree whose memory takes the result; null for new memory
   */
  abstract Target target(@Nullable Node over);

  /** Binds this value to a node of an execution. */
  abstract void bind(Execution execution, Node to);

  /** Returns the value of an execution's target, in the form of this value. */
  abstract Deferred read(Execution execution, int target);

  /** Returns this value where the condition is true, else the other. */
  abstract Deferred orElse(Scalar condition, Deferred other);

  private Deferred as(boolean isEvaluated) {
    return evaluated == isEvaluated ? this : on(node, isEvaluated);
  }

  /**
   * Returns the value with every tree, scalar and key computed, in one program, and owned: a tree
   * on arrays that a caller may change is copied.
   */
  static <T> T evaluated(T value) {
    List<Target> targets = new ArrayList<>();
    for (Deferred part : in(value)) {
      if (!part.isOwned()) {
        targets.add(part.target(null));
      }
    }
    if (targets.isEmpty()) {
      return map(value, part -> part.as(true));
    }
    Execution execution = Engine.evaluate(targets);
    int[] next = {0};
    return map(value, part -> part.isOwned() ? part.as(true) : part.read(execution, next[0]++));
  }

  /** Returns the value as a step sees it: its numbers cannot be read. */
  static <T> T lifted(T value) {
    return map(value, part -> part.as(false));
  }

  /** Returns the value on new nodes, to which later runs bind other values. */
  static <T> T variables(T value) {
    return map(value, part -> part.on(part.variable(), false));
  }

  /** Returns the trees, scalars and keys of a value, in the order of the walk. */
  static List<Deferred> in(@Nullable Object value) {
    return Records.parts(value, Deferred.class);
  }

  /**
   * Returns a value of the same form in which the function has replaced each tree, scalar and key.
   */
  static <T> T map(T value, UnaryOperator<Deferred> function) {
    return Records.map(
        value, leaf -> leaf instanceof Deferred deferred ? function.apply(deferred) : leaf);
  }

  /** Returns, in the form of both, the first value where the condition is true, else the second. */
  static <T> T choose(Scalar condition, T whenTrue, T whenFalse) {
    return Records.zip(whenTrue, whenFalse, (a, b) -> chosen(condition, a, b));
  }

  @SuppressWarnings("ReferenceEquality") // the same value needs no choice
  private static @Nullable Object chosen(Scalar condition, @Nullable Object a, @Nullable Object b) {
    if (a == b) {
      return a;
    }
    if (a instanceof Deferred left && b instanceof Deferred right && a.getClass() == b.getClass()) {
      return left.orElse(condition, right);
    }
    if (!Objects.equals(a, b)) {
      throw new IllegalArgumentException(
          "a choice must be between trees, scalars, keys or equal values, but was between %s and %s"
              .formatted(a, b));
    }
    return a;
  }
}
