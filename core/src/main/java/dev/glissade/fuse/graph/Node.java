package dev.glissade.fuse.graph;

import dev.glissade.fuse.memory.Layout;
import dev.glissade.fuse.memory.Plane;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A deferred value: a tree of planes, a scalar (always double) or a random key. Nodes are immutable
 * and separate the structure, on which a program depends (kind, operation, operands, layout), from
 * the data (planes, numbers, functions), so that graphs of equal structure share a program.
 */
public final class Node {

  /** How a node gets its value. */
  public enum Kind {
    INPUT,
    FILL,
    UNARY,
    BINARY,
    SELECT,
    ROUND,
    ROUTE,
    CHOOSE,
    DRAW,
    /** A number for each leaf. */
    REDUCE_LEAVES,
    /** A smaller tree, without some axes. */
    REDUCE_AXES,
    /** A larger tree, which repeats a smaller one. */
    SPREAD,
    CALLBACK,
    /** A number that a callback also returns. */
    NUMBER,
    CONSTANT,
    MAP,
    REDUCE,
    KEY,
    SPLIT;

    /** Returns whether a pass over the operands must end before the value is known. */
    public boolean endsPass() {
      return this == REDUCE || isKept();
    }

    /** Returns whether the value is a tree that a stage leaves in memory. */
    public boolean isKept() {
      return this == CALLBACK || isSmall();
    }

    /** Returns whether a pass reduces its operands to a smaller tree. */
    public boolean isSmall() {
      return this == REDUCE_LEAVES || this == REDUCE_AXES;
    }
  }

  /** The type of a value. */
  public enum Sort {
    TREE,
    SCALAR,
    KEY
  }

  private static final Node[] NONE = {};

  private static final String ZERO = "zero";

  /** Limits expressions so that recursion over them can't overflow the stack. */
  private static final int MAX_HEIGHT = 1000;

  final Kind kind;
  final Sort sort;
  final Node[] operands;
  final @Nullable Layout layout;
  final @Nullable Object attribute;
  final @Nullable Object datum;

  /** The length of the longest path to a tree in memory. */
  private final int height;

  /** The number of passes that must end before the value is known, ignoring choices. */
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
    boolean inMemory = kind.endsPass() || kind == Kind.SPREAD || sort != Sort.TREE;
    this.height = inMemory ? 0 : highest + 1;
    if (height > MAX_HEIGHT) {
      throw new IllegalStateException(
          "an expression must nest at most %d operations: call evaluate() in between"
              .formatted(MAX_HEIGHT));
    }
    this.depth = kind.endsPass() ? deepest + 1 : deepest;
  }

  /** Returns a tree in memory; does not copy the planes. */
  public static Node input(Layout layout, Plane[] planes) {
    return new Node(Kind.INPUT, Sort.TREE, NONE, layout, null, planes);
  }

  /** Returns a tree with the scalar in every element; a constant 0 belongs to the structure. */
  public static Node fill(Layout layout, Node scalar) {
    boolean zero = scalar.kind == Kind.CONSTANT && scalar.value() == 0;
    return new Node(Kind.FILL, Sort.TREE, new Node[] {scalar}, layout, zero ? ZERO : null, null);
  }

  /** Returns whether this is a tree of zeros by its structure. */
  public boolean isZero() {
    return ZERO.equals(attribute);
  }

  /** Applies an operation to each element of a tree, or to a scalar. */
  public static Node unary(Op op, Node a, @Nullable Layout layout) {
    return new Node(Kind.UNARY, a.sort, new Node[] {a}, layout, op, null);
  }

  /** Applies an operation to two trees of equal layout, to a tree and a scalar, or to scalars. */
  public static Node binary(Op op, Node a, Node b, @Nullable Layout layout) {
    Sort sort = a.sort == Sort.SCALAR ? b.sort : a.sort;
    return new Node(Kind.BINARY, sort, new Node[] {a, b}, layout, op, null);
  }

  /** Selects {@code a} where the element of the mask is not 0, else {@code b}. */
  public static Node select(Node mask, Node a, Node b, Layout layout) {
    return new Node(Kind.SELECT, Sort.TREE, new Node[] {mask, a, b}, layout, null, null);
  }

  /** Rounds each element of a tree to the type that the layout stores. */
  public static Node round(Layout layout, Node a) {
    return new Node(Kind.ROUND, Sort.TREE, new Node[] {a}, layout, null, null);
  }

  /** Returns a tree that consists of planes of other trees. */
  public static Node route(Layout layout, List<Node> sources, Routing routing) {
    Node[] operands = sources.toArray(Node[]::new);
    return new Node(Kind.ROUTE, Sort.TREE, operands, layout, routing, null);
  }

  /** Chooses {@code a} if the condition is not 0, else {@code b}. */
  public static Node choose(Node condition, Node a, Node b, @Nullable Layout layout) {
    return new Node(Kind.CHOOSE, a.sort, new Node[] {condition, a, b}, layout, null, null);
  }

  /** Draws random numbers, with one key for each plane. */
  public static Node draw(Layout layout, List<Node> keys, Distribution distribution) {
    Node[] operands = keys.toArray(Node[]::new);
    return new Node(Kind.DRAW, Sort.TREE, operands, layout, distribution, null);
  }

  /** Calls an opaque function on trees, and scalars after them. */
  public static Node callback(Layout layout, List<Node> values, HostCallback function) {
    Node[] operands = values.toArray(Node[]::new);
    return new Node(Kind.CALLBACK, Sort.TREE, operands, layout, null, function);
  }

  /** Returns one of the numbers that a callback leaves in its workspace. */
  public static Node number(Node callback, int index) {
    return new Node(Kind.NUMBER, Sort.SCALAR, new Node[] {callback}, null, index, null);
  }

  public static Node constant(double value) {
    return new Node(Kind.CONSTANT, Sort.SCALAR, NONE, null, null, value);
  }

  /** Applies a pure function to a scalar. */
  public static Node map(Node a, DoubleUnaryOperator function) {
    return new Node(Kind.MAP, Sort.SCALAR, new Node[] {a}, null, null, function);
  }

  /** Reduces one tree, or two for DOT and PLAIN_DOT, to a number. */
  public static Node reduce(Reduction reduction, Node... trees) {
    return new Node(Kind.REDUCE, Sort.SCALAR, trees.clone(), null, reduction, null);
  }

  /** Reduces each leaf of one tree, or of the products of two, to a plane of one number. */
  public static Node reduceLeaves(LeafReduction reduction, Layout layout, Node... trees) {
    return new Node(Kind.REDUCE_LEAVES, Sort.TREE, trees.clone(), layout, reduction, null);
  }

  /** Reduces each plane of a tree over some axes. */
  public static Node reduceAxes(AxisReduction reduction, Layout layout, Node tree) {
    return new Node(Kind.REDUCE_AXES, Sort.TREE, new Node[] {tree}, layout, reduction, null);
  }

  /** Repeats each plane of a tree along axes that it lacks. */
  public static Node spread(Spread spread, Layout layout, Node small) {
    return new Node(Kind.SPREAD, Sort.TREE, new Node[] {small}, layout, spread, null);
  }

  public static Node key(long key) {
    return new Node(Kind.KEY, Sort.KEY, NONE, null, null, key);
  }

  /** Returns the key at an index of those that a key splits into. */
  public static Node split(Node key, int index) {
    return new Node(Kind.SPLIT, Sort.KEY, new Node[] {key}, null, index, null);
  }

  /** Returns this node with other operands and without data. */
  Node withoutData(Node[] others) {
    return new Node(kind, sort, others, layout, attribute, null);
  }

  public Kind kind() {
    return kind;
  }

  public Sort sort() {
    return sort;
  }

  /** Returns the index of a number of a callback. */
  public int numberIndex() {
    return attribute(Integer.class);
  }

  /** Returns the operation, reduction, routing or index of a node of a kind that has one. */
  public @Nullable Object attribute() {
    return attribute;
  }

  public boolean isInput() {
    return kind == Kind.INPUT;
  }

  public Plane[] planes() {
    return (Plane[]) data();
  }

  public boolean isConstant() {
    return kind == Kind.CONSTANT || kind == Kind.KEY;
  }

  public double value() {
    return (Double) data();
  }

  public long keyValue() {
    return (Long) data();
  }

  public Layout layout() {
    if (layout == null) {
      throw new IllegalStateException(kind + " is not a tree");
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

  /** Returns how a node that reduces a tree, or each leaf, does so. */
  public Reduction reduction() {
    return attribute instanceof LeafReduction leaves ? leaves.kind() : attribute(Reduction.class);
  }

  public LeafReduction leafReduction() {
    return attribute(LeafReduction.class);
  }

  public AxisReduction axisReduction() {
    return attribute(AxisReduction.class);
  }

  public Spread spread() {
    return attribute(Spread.class);
  }

  public Op op() {
    return attribute(Op.class);
  }

  public int splitIndex() {
    return attribute(Integer.class);
  }

  public Distribution distribution() {
    return attribute(Distribution.class);
  }

  private <T> T attribute(Class<T> type) {
    if (!type.isInstance(attribute)) {
      throw new IllegalStateException(kind + " has no " + type.getSimpleName());
    }
    return type.cast(attribute);
  }
}
