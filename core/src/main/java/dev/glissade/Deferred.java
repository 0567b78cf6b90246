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
 * A tree, a scalar or a random key: a node of the engine's graph, whose value may be looked at once
 * it is evaluated. A value of any other form, as a state, is made of these and of what does not
 * take part in arithmetic.
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

  /** Returns whether the value is there: what a transformation is given in a step has none yet. */
  public final boolean isEvaluated() {
    return evaluated;
  }

  /** Returns what a program depends on of this, apart from its numbers. */
  abstract Object signature();

  /** Returns a value of this form on another node. */
  abstract Deferred on(Node other, boolean isEvaluated);

  /** Returns whether the value is there, in memory that nobody else changes. */
  abstract boolean isOwned();

  /** Returns a node of its own with this value, to which later runs bind other values. */
  abstract Node variable();

  /**
   * Returns what to ask the engine for.
   *
   * @param over the node of a tree whose memory takes the result; null for memory of its own
   */
  abstract Target target(@Nullable Node over);

  /** Lets an execution use this value as that of a node. */
  abstract void bind(Execution execution, Node to);

  /** Returns a target of an execution, which has the form of this. */
  abstract Deferred read(Execution execution, int target);

  /** Returns this where the condition is true, else the other. */
  abstract Deferred orElse(Scalar condition, Deferred other);

  private Deferred as(boolean isEvaluated) {
    return evaluated == isEvaluated ? this : on(node, isEvaluated);
  }

  /**
   * Returns the value with every tree, scalar and key computed, in one program, and owned: a tree
   * on arrays that somebody else may change is copied.
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

  /** Returns the value as a step sees it, whose numbers are not to be looked at. */
  static <T> T lifted(T value) {
    return map(value, part -> part.as(false));
  }

  /** Returns the value on nodes of its own, to which later runs bind other values. */
  static <T> T variables(T value) {
    return map(value, part -> part.on(part.variable(), false));
  }

  /** Returns the trees, scalars and keys of a value, in the order of the walk. */
  static List<Deferred> in(@Nullable Object value) {
    return Records.parts(value, Deferred.class);
  }

  /** Returns a value of the same form, each tree, scalar and key replaced. */
  static <T> T map(T value, UnaryOperator<Deferred> function) {
    return Records.map(
        value, leaf -> leaf instanceof Deferred deferred ? function.apply(deferred) : leaf);
  }

  /** Returns a value of the form of both that is the first where the condition is true. */
  static <T> T choose(Scalar condition, T whenTrue, T whenFalse) {
    return Records.zip(whenTrue, whenFalse, (a, b) -> chosen(condition, a, b));
  }

  @SuppressWarnings("ReferenceEquality") // the very same value needs no choice
  private static @Nullable Object chosen(Scalar condition, @Nullable Object a, @Nullable Object b) {
    if (a == b) {
      return a;
    }
    if (a instanceof Deferred left && b instanceof Deferred right && a.getClass() == b.getClass()) {
      return left.orElse(condition, right);
    }
    if (!Objects.equals(a, b)) {
      throw new IllegalArgumentException("a choice must not change %s to %s".formatted(a, b));
    }
    return a;
  }
}
