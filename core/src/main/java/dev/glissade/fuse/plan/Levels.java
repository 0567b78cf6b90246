package dev.glissade.fuse.plan;

import dev.glissade.fuse.graph.Graph;
import dev.glissade.fuse.graph.Node;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * The earliest stage that can compute each node that some roots need. Stage k + 1 can use the
 * reductions of pass k, and call functions on the trees that pass k stores; any other node belongs
 * to the stage of its latest operand.
 */
final class Levels {
  private final Graph graph;
  private final Decisions decisions;
  private final List<Integer> order = new ArrayList<>();
  private final BitSet needed;
  private final int[] level;

  Levels(Graph graph, Decisions decisions, Iterable<Integer> roots) {
    this.graph = graph;
    this.decisions = decisions;
    this.needed = decisions.needed(roots);
    this.level = new int[graph.nodes().size()];
    sort();
    for (int id : order) {
      int latest = 0;
      for (int operand : decisions.operands(id)) {
        latest = Math.max(latest, level[operand]);
      }
      level[id] = endsPass(id) ? latest + 1 : latest;
    }
  }

  /** Sorts operands first: a resolved operand may have a higher number than its user. */
  private void sort() {
    BitSet done = new BitSet();
    for (int root = needed.nextSetBit(0); root >= 0; root = needed.nextSetBit(root + 1)) {
      ArrayDeque<Integer> open = new ArrayDeque<>();
      open.push(root);
      while (!open.isEmpty()) {
        int id = open.peek();
        int before = open.size();
        for (int operand : decisions.operands(id)) {
          if (!done.get(operand)) {
            open.push(operand);
          }
        }
        if (open.size() == before) {
          open.pop();
          if (!done.get(id)) {
            done.set(id);
            order.add(id);
          }
        }
      }
    }
  }

  BitSet needed() {
    return needed;
  }

  /** Returns the needed nodes, operands first. */
  List<Integer> order() {
    return order;
  }

  int of(int id) {
    return level[id];
  }

  /** Returns whether the value of a node needs a pass over its operands to end. */
  boolean endsPass(int id) {
    return !decisions.known.get(id)
        && (graph.node(id).kind().endsPass() || decisions.spreadsComputed(id));
  }

  /** Returns the last stage that calls a user's function, which may throw. */
  int lastCall() {
    int last = 0;
    for (int id : order) {
      Node.Kind kind = graph.node(id).kind();
      boolean calls = kind == Node.Kind.CALLBACK || kind == Node.Kind.MAP;
      last = calls && !decisions.known.get(id) ? Math.max(last, level[id]) : last;
    }
    return last;
  }
}
