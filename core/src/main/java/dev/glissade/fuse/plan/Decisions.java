package dev.glissade.fuse.plan;

import dev.glissade.fuse.graph.Graph;
import dev.glissade.fuse.graph.Node;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * What is decided of a graph's choices. A choice between trees is control: its condition is
 * computed first, and the branch not taken is never looked at. A choice between scalars or keys
 * follows the decision where one was made on the same condition; else both are computed, and one is
 * taken.
 */
final class Decisions {
  private final Graph graph;
  private final BitSet decided;
  private final BitSet taken;

  /** Scalars, keys and trees that earlier segments left in the frame. */
  final BitSet known;

  Decisions(Graph graph) {
    this(graph, new BitSet(), new BitSet(), new BitSet());
  }

  private Decisions(Graph graph, BitSet decided, BitSet taken, BitSet known) {
    this.graph = graph;
    this.decided = decided;
    this.taken = taken;
    this.known = known;
  }

  /** These decisions and one more for each condition, its outcome a bit of the mask. */
  Decisions with(int[] conditions, long outcomes, BitSet nowKnown) {
    BitSet decidedNow = (BitSet) decided.clone();
    BitSet takenNow = (BitSet) taken.clone();
    for (int i = 0; i < conditions.length; i++) {
      decidedNow.set(conditions[i]);
      takenNow.set(conditions[i], (outcomes >>> i & 1) != 0);
    }
    return new Decisions(graph, decidedNow, takenNow, nowKnown);
  }

  /** The node itself, or what it stands for by the decisions. */
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

  /** The resolved operands that must be there before the node is computed. */
  int[] operands(int id) {
    if (known.get(id)) {
      return new int[0];
    }
    return IntStream.of(graph.operands(id)).map(this::resolve).toArray();
  }

  /** Returns whether the resolved node's tree is in memory before any pass. */
  boolean isInMemory(int id) {
    Node.Kind kind = graph.node(id).kind();
    return known.get(id) || kind == Node.Kind.INPUT || kind == Node.Kind.CALLBACK;
  }

  /** Whether the resolved node is a choice between trees that waits for its condition. */
  private boolean waits(int id) {
    Node node = graph.node(id);
    return node.kind() == Node.Kind.CHOOSE && node.sort() == Node.Sort.TREE;
  }

  /** All resolved nodes that the roots need; of a waiting choice only the condition is needed. */
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
      int count = waits(id) ? 1 : operands.length;
      for (int i = 0; i < count; i++) {
        open.push(operands[i]);
      }
    }
    return seen;
  }

  /** The conditions to compute next: those of waiting choices that wait for no other choice. */
  int[] frontier(Iterable<Integer> roots) {
    TreeSet<Integer> conditions = new TreeSet<>();
    needed(roots).stream().filter(this::waits).forEach(id -> conditions.add(graph.operands(id)[0]));
    return conditions.stream()
        .filter(condition -> needed(List.of(condition)).stream().noneMatch(this::waits))
        .mapToInt(Integer::intValue)
        .limit(Long.SIZE - 2)
        .toArray();
  }
}
