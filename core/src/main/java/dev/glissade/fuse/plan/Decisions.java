package dev.glissade.fuse.plan;

import dev.glissade.fuse.graph.Graph;
import dev.glissade.fuse.graph.Node;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The decided choices of a graph. A choice between trees is control flow: the program computes its
 * condition first and never plans the other branch. A choice between scalars or keys follows a
 * decision on the same condition; without one, the program computes both and selects one.
 */
final class Decisions {
  private static final int[] NONE = {};

  private final Graph graph;
  private final BitSet decided;
  private final BitSet taken;

  /** The scalars, keys and trees that earlier segments left in the frame. */
  final BitSet known;

  /** The resolved operands of each node that somebody asked for. */
  private final int[] @Nullable [] resolved;

  /** The number of segments before this one. */
  private final int depth;

  Decisions(Graph graph) {
    this(graph, new BitSet(), new BitSet(), new BitSet(), 0);
  }

  private Decisions(Graph graph, BitSet decided, BitSet taken, BitSet known, int depth) {
    this.depth = depth;
    this.graph = graph;
    this.decided = decided;
    this.taken = taken;
    this.known = known;
    this.resolved = new int[graph.nodes().size()][];
  }

  /** Returns these decisions and one for each condition; bit i of the mask is the i-th outcome. */
  Decisions with(int[] conditions, long outcomes, BitSet nowKnown) {
    BitSet decidedNow = (BitSet) decided.clone();
    BitSet takenNow = (BitSet) taken.clone();
    for (int i = 0; i < conditions.length; i++) {
      decidedNow.set(conditions[i]);
      takenNow.set(conditions[i], (outcomes >>> i & 1) != 0);
    }
    return new Decisions(graph, decidedNow, takenNow, nowKnown, depth + 1);
  }

  int depth() {
    return depth;
  }

  /** Resolves a decided choice to the chosen operand, and any other node to itself. */
  int resolve(int id) {
    int resolved = id;
    while (graph.node(resolved).kind() == Node.Kind.CHOOSE) {
      int[] operands = graph.operands(resolved);
      int condition = operands[0];
      if (!decided.get(condition)) {
        return resolved;
      }
      resolved = taken.get(condition) ? operands[1] : operands[2];
    }
    return resolved;
  }

  /**
   * Returns the resolved operands that must be computed before the node; nobody may change them.
   */
  int[] operands(int id) {
    if (known.get(id)) {
      return NONE;
    }
    int[] operands = resolved[id];
    if (operands == null) {
      operands = IntStream.of(graph.operands(id)).map(this::resolve).toArray();
      resolved[id] = operands;
    }
    return operands;
  }

  /** Returns whether the tree of a resolved node is in memory before any pass. */
  boolean isInMemory(int id) {
    Node.Kind kind = graph.node(id).kind();
    return known.get(id) || kind == Node.Kind.INPUT || kind.isKept();
  }

  /** Returns whether all planes of a tree are in memory, perhaps as planes of several trees. */
  boolean isReady(int id) {
    return isInMemory(id)
        || (graph.node(id).kind() == Node.Kind.ROUTE
            && IntStream.of(operands(id)).allMatch(this::isReady));
  }

  /** Returns whether a node repeats a tree that a pass has to store first. */
  boolean spreadsComputed(int id) {
    return graph.node(id).kind() == Node.Kind.SPREAD && !known.get(id) && !isReady(operands(id)[0]);
  }

  /** Returns whether a resolved node is an undecided choice between trees. */
  private boolean isUndecided(int id) {
    Node node = graph.node(id);
    return node.kind() == Node.Kind.CHOOSE && node.sort() == Node.Sort.TREE;
  }

  /** Returns the resolved nodes that the roots need; an undecided choice needs its condition. */
  BitSet needed(Iterable<Integer> roots) {
    BitSet seen = new BitSet();
    Deque<Integer> open = new ArrayDeque<>();
    roots.forEach(root -> open.push(resolve(root)));
    while (!open.isEmpty()) {
      int id = open.pop();
      if (seen.get(id)) {
        continue;
      }
      seen.set(id);
      int[] operands = operands(id);
      int count = isUndecided(id) ? 1 : operands.length;
      for (int i = 0; i < count; i++) {
        open.push(operands[i]);
      }
    }
    return seen;
  }

  /** Returns the conditions of the undecided choices that depend on no other one. */
  int[] frontier(Iterable<Integer> roots) {
    TreeSet<Integer> conditions = new TreeSet<>();
    needed(roots).stream()
        .filter(this::isUndecided)
        .forEach(id -> conditions.add(graph.operands(id)[0]));
    return conditions.stream()
        .filter(condition -> needed(List.of(condition)).stream().noneMatch(this::isUndecided))
        .mapToInt(Integer::intValue)
        .limit(Long.SIZE - 2)
        .toArray();
  }
}
