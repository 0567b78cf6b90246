package dev.glissade.fuse.plan;

import dev.glissade.fuse.graph.Graph;
import dev.glissade.fuse.graph.Node;
import dev.glissade.fuse.graph.Op;
import dev.glissade.fuse.graph.Routing;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds the plane that a value comes from, and the array that holds it, in one pass.
 *
 * @param stored the array of the first plane of each value that earlier passes stored
 */
record PlaneResolver(Graph graph, Decisions decisions, Map<Integer, Loop.ArrayRef> stored) {

  Node node(int id) {
    return graph.node(id);
  }

  int[] operands(int id) {
    return decisions.operands(id);
  }

  /** Returns the array of a resolved plane; null if the plane is not in memory. */
  Loop.@Nullable ArrayRef arrayOf(PlaneRef ref) {
    Loop.ArrayRef first = stored.get(ref.node());
    if (first != null) {
      return first.at(ref.plane());
    }
    return decisions.isInMemory(ref.node())
        ? new Loop.ArrayRef(false, ref.node(), ref.plane())
        : null;
  }

  /** Follows routes, and sums with zeros, which have the bits of the other operand. */
  PlaneRef resolved(PlaneRef start) {
    PlaneRef ref = start;
    for (PlaneRef next = source(ref); next != null; next = source(ref)) {
      ref = next;
    }
    return ref;
  }

  /** Returns the operand whose plane a computed plane equals; null if no operand's does. */
  private @Nullable PlaneRef source(PlaneRef ref) {
    if (arrayOf(ref) != null) {
      return null;
    }
    Node node = node(ref.node());
    int[] operands = operands(ref.node());
    if (node.attribute() instanceof Routing routing) {
      int plane = ref.plane();
      return new PlaneRef(operands[routing.source(plane)], routing.sourcePlane(plane));
    }
    if (node.attribute() == Op.ADD && node(operands[1]).sort() == Node.Sort.TREE) {
      PlaneRef second = resolved(new PlaneRef(operands[1], ref.plane()));
      boolean same = arrayOf(second) == null && node(second.node()).isZero();
      return same ? new PlaneRef(operands[0], ref.plane()) : null;
    }
    return null;
  }

  /** Resolves a plane, and skips the rounding of a plane in memory to the type that it has. */
  PlaneRef unrounded(PlaneRef start) {
    PlaneRef ref = resolved(start);
    Node node = node(ref.node());
    if (node.kind() != Node.Kind.ROUND || arrayOf(ref) != null) {
      return ref;
    }
    PlaneRef rounded = resolved(new PlaneRef(operands(ref.node())[0], ref.plane()));
    Node source = node(rounded.node());
    boolean same =
        arrayOf(rounded) != null
            && source.layout().element(rounded.plane()) == node.layout().element(ref.plane());
    return same ? rounded : ref;
  }
}
