package dev.glissade.fuse.plan;

import dev.glissade.fuse.graph.Graph;
import dev.glissade.fuse.graph.Node;
import dev.glissade.fuse.graph.Routing;
import dev.glissade.fuse.tape.Tape;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Decides whether a retry can still read the operands of a norm after the pass that reduces it:
 * from arrays that the pass does not overwrite, or as values that it stores. This is {@link
 * Tape#isRepeatable} for passes that have no tape yet. A norm must not depend on whether a step
 * runs in place.
 */
final class NormOperands {
  private final Graph graph;
  private final Decisions decisions;
  private final Map<Integer, BitSet> cones = new HashMap<>();
  private final Map<Query, Boolean> known = new HashMap<>();

  private record Query(int tree, BitSet stored, BitSet overwritten) {}

  NormOperands(Graph graph, Decisions decisions) {
    this.graph = graph;
    this.decisions = decisions;
  }

  /**
   * Returns whether the tree still exists after the pass.
   *
   * @param stored nodes that this pass or an earlier one stores without rounding
   * @param overwritten inputs that this pass overwrites
   */
  boolean remain(int tree, BitSet stored, BitSet overwritten) {
    BitSet cone = cones.computeIfAbsent(tree, key -> decisions.needed(List.of(key)));
    if (!cone.intersects(overwritten)) {
      return true;
    }
    Query query = new Query(tree, common(stored, cone), common(overwritten, cone));
    return known.computeIfAbsent(query, this::search);
  }

  private static BitSet common(BitSet a, BitSet b) {
    BitSet both = (BitSet) a.clone();
    both.and(b);
    return both;
  }

  private boolean search(Query query) {
    int tree = query.tree();
    Deque<PlaneRef> open = new ArrayDeque<>();
    Set<PlaneRef> seen = new HashSet<>();
    for (int plane = 0; plane < graph.node(tree).layout().planes(); plane++) {
      open.add(new PlaneRef(tree, plane));
    }
    while (!open.isEmpty()) {
      PlaneRef ref = open.pop();
      if (!seen.add(ref) || query.stored().get(ref.node())) {
        continue;
      }
      if (query.overwritten().get(ref.node())) {
        return false;
      }
      Node node = graph.node(ref.node());
      int[] operands = decisions.operands(ref.node());
      if (node.attribute() instanceof Routing routing) {
        if (operands.length > 0) {
          int source = operands[routing.source(ref.plane())];
          open.push(new PlaneRef(source, routing.sourcePlane(ref.plane())));
        }
      } else if (!node.kind().isKept() && node.kind() != Node.Kind.SPREAD) {
        for (int operand : operands) {
          if (graph.node(operand).sort() == Node.Sort.TREE) {
            open.push(new PlaneRef(operand, ref.plane()));
          }
        }
      }
    }
    return true;
  }
}
