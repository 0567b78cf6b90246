package dev.glissade.fuse.graph;

import dev.glissade.fuse.memory.Layout;
import dev.glissade.fuse.memory.Plane;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One piece of deferred arithmetic: a tree of planes, a scalar (always double) or a random key.
 * Nodes are immutable and hold what the structure of a program depends on (kind, operation,
 * operands, layout) apart from its data (planes, numbers, functions), so that two graphs of the
 * same structure share one program.
 */
public final class Node {

  /** What a node is. */
  public enum Kind {
    INPUT,
    FILL,
    UNARY,
    BINARY,
    ROUND,
    ROUTE,
    CHOOSE,
    NORMAL,
    CALLBACK,
    CONSTANT,
    MAP,
    REDUCE,
    KEY,
    SPLIT
  }

  /** What a node stands for. */
  public enum Sort {
    TREE,
    SCALAR,
    KEY
  }

  private static final Node[] NONE = {};

  private static final String ZERO = "zero";

  /** So that working on an expression by recursion can't overflow the stack. */
  private static final int HIGHEST = 1000;

  final Kind kind;
  final Sort sort;
  final Node[] operands;
  final @Nullable Layout layout;
  final @Nullable Object attribute;
  final @Nullable Object datum;

  /** The longest way to a tree that is in memory. */
  private final int height;

  /** How many passes must end before this is known, as far as can be seen without choices. */
  final int depth;

  private Node(
      Kind kind,
      Sort sort,
      Node[] operands,
      @Nullable Layout layout,
      @Nullable Object attribute,
      @Nullable Object datum) {
    this.kind = kind;
    this.sort = sort;
    this.operands = operands;
    this.layout = layout;
    this.attribute = attribute;
    this.datum = datum;
    int deepest = 0;
    int highest = 0;
    for (Node operand : operands) {
      deepest = Math.max(deepest, operand.depth);
      highest = Math.max(highest, operand.height);
    }
    boolean inMemory = kind == Kind.CALLBACK || sort != Sort.TREE;
    this.height = inMemory ? 0 : highest + 1;
    if (height > HIGHEST) {
      throw new IllegalStateException(
          "an expression may be %d operations long at most: evaluate() in between"
              .formatted(HIGHEST));
    }
    this.depth = kind == Kind.REDUCE || kind == Kind.CALLBACK ? deepest + 1 : deepest;
  }

  /** A tree that is there already; the planes are not copied. */
  public static Node input(Layout layout, Plane[] planes) {
    return new Node(Kind.INPUT, Sort.TREE, NONE, layout, null, planes);
  }

  /** A tree whose every element is the scalar; a constant 0 is part of the structure. */
  public static Node fill(Layout layout, Node scalar) {
    boolean zero = scalar.kind == Kind.CONSTANT && scalar.value() == 0;
    return new Node(Kind.FILL, Sort.TREE, new Node[] {scalar}, layout, zero ? ZERO : null, null);
  }

  /** Whether this is a tree of zeros, whatever the data. */
  public boolean isZero() {
    return ZERO.equals(attribute);
  }

  /** An operation on each element of a tree, or on a scalar. */
  public static Node unary(Op op, Node a, @Nullable Layout layout) {
    return new Node(Kind.UNARY, a.sort, new Node[] {a}, layout, op, null);
  }

  /**
   * An operation on two trees of one layout, on a tree and a scalar in either order, or scalars.
   */
  public static Node binary(Op op, Node a, Node b, @Nullable Layout layout) {
    Sort sort = a.sort == Sort.SCALAR ? b.sort : a.sort;
    return new Node(Kind.BINARY, sort, new Node[] {a, b}, layout, op, null);
  }

  /** The tree, each element rounded to what the layout stores. */
  public static Node round(Layout layout, Node a) {
    return new Node(Kind.ROUND, Sort.TREE, new Node[] {a}, layout, null, null);
  }

  /** A tree made of planes of others. */
  public static Node route(Layout layout, List<Node> sources, Routing routing) {
    Node[] operands = sources.toArray(Node[]::new);
    return new Node(Kind.ROUTE, Sort.TREE, operands, layout, routing, null);
  }

  /** The second operand where the condition is not 0, else the third; the other is not computed. */
  public static Node choose(Node condition, Node a, Node b, @Nullable Layout layout) {
    return new Node(Kind.CHOOSE, a.sort, new Node[] {condition, a, b}, layout, null, null);
  }

  /** Standard normal draws, one key a plane. */
  public static Node normal(Layout layout, List<Node> keys) {
    Node[] operands = keys.toArray(Node[]::new);
    return new Node(Kind.NORMAL, Sort.TREE, operands, layout, null, null);
  }

  /** The result of work that the engine cannot see into. */
  public static Node callback(Layout layout, List<Node> trees, HostCallback function) {
    Node[] operands = trees.toArray(Node[]::new);
    return new Node(Kind.CALLBACK, Sort.TREE, operands, layout, null, function);
  }

  /** A number that is known. */
  public static Node constant(double value) {
    return new Node(Kind.CONSTANT, Sort.SCALAR, NONE, null, null, value);
  }

  /** A function of a scalar; it must be pure. */
  public static Node map(Node a, DoubleUnaryOperator function) {
    return new Node(Kind.MAP, Sort.SCALAR, new Node[] {a}, null, null, function);
  }

  /** A number made of all elements of one tree, or for DOT and PLAIN_DOT of two. */
  public static Node reduce(Reduction reduction, Node... trees) {
    return new Node(Kind.REDUCE, Sort.SCALAR, trees.clone(), null, reduction, null);
  }

  /** A random key that is known. */
  public static Node key(long key) {
    return new Node(Kind.KEY, Sort.KEY, NONE, null, null, key);
  }

  /** The key of this index of those that a key splits into. */
  public static Node split(Node key, int index) {
    return new Node(Kind.SPLIT, Sort.KEY, new Node[] {key}, null, index, null);
  }

  /** This node on other operands, without data. */
  Node bare(Node[] others) {
    return new Node(kind, sort, others, layout, attribute, null);
  }

  public Kind kind() {
    return kind;
  }

  public Sort sort() {
    return sort;
  }

  /** Returns the operation, reduction, routing or index of a node of a kind that has one. */
  public @Nullable Object attribute() {
    return attribute;
  }

  public boolean isInput() {
    return kind == Kind.INPUT;
  }

  /** The planes of an input. */
  public Plane[] planes() {
    return (Plane[]) data();
  }

  public boolean isConstant() {
    return kind == Kind.CONSTANT || kind == Kind.KEY;
  }

  /** The number of a constant. */
  public double value() {
    return (Double) data();
  }

  /** The key of a constant key. */
  public long keyValue() {
    return (Long) data();
  }

  /** The layout of a tree. */
  public Layout layout() {
    if (layout == null) {
      throw new IllegalStateException(kind + " is no tree");
    }
    return layout;
  }

  /** Returns the function of a map or a callback. */
  public Object function() {
    return data();
  }

  private Object data() {
    if (datum == null) {
      throw new IllegalStateException(kind + " holds no data");
    }
    return datum;
  }

  public Reduction reduction() {
    return attribute(Reduction.class);
  }

  public Op op() {
    return attribute(Op.class);
  }

  /** Returns which of the keys it is that a key splits into. */
  public int splitIndex() {
    return attribute(Integer.class);
  }

  private <T> T attribute(Class<T> type) {
    if (!type.isInstance(attribute)) {
      throw new IllegalStateException(kind + " has no " + type.getSimpleName());
    }
    return type.cast(attribute);
  }
}
