package dev.glissade.fuse.plan;

import dev.glissade.fuse.graph.Graph;
import dev.glissade.fuse.graph.Node;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/**
 * Lets the values that a segment materializes share planes: one may take those of another in the
 * last pass that reads it, element by element. So a long chain of passes works in one tree. What
 * callbacks read keeps its own planes, since their results may be on them.
 */
final class SharedPlanes {
  private final Graph graph;
  private final Map<Integer, Integer> freeFrom;
  private final BitSet called = new BitSet();

  /** The number of the first slot, apart from those of earlier segments. */
  private final int base;

  /** The value that each slot holds last, by the value that it was made for. */
  private final Map<Integer, Integer> holder = new HashMap<>();

  private final Map<Integer, Integer> home = new HashMap<>();

  /**
   * @param freeFrom the first pass that may overwrite each value
   */
  SharedPlanes(Graph graph, Decisions decisions, Levels levels, Map<Integer, Integer> freeFrom) {
    this.graph = graph;
    this.freeFrom = freeFrom;
    this.base = decisions.depth() * graph.nodes().size();
    for (int id : levels.order()) {
      if (graph.node(id).kind() == Node.Kind.CALLBACK) {
        for (int operand : decisions.operands(id)) {
          called.set(operand);
        }
      }
    }
  }

  /** Returns the value that a value overwrites in a pass; itself if it gets planes of its own. */
  int over(int id, int pass) {
    if (!called.get(id)) {
      for (Map.Entry<Integer, Integer> slot : holder.entrySet()) {
        int held = slot.getValue();
        if (freeFrom.getOrDefault(held, Integer.MAX_VALUE) <= pass
            && graph.node(held).layout().equals(graph.node(id).layout())) {
          home.put(id, slot.getKey());
          slot.setValue(id);
          return held;
        }
      }
      holder.put(id, id);
    }
    home.put(id, id);
    return id;
  }

  /** Returns the number of the planes of a temporary. */
  int slot(int id) {
    return base + home.getOrDefault(id, id);
  }
}
