package dev.glissade.fuse.graph;

import dev.glissade.fuse.memory.Layout;
import org.jspecify.annotations.Nullable;

/**
 * A requested result of a graph.
 *
 * @param node the node to compute
 * @param layout the layout of a tree; null for scalars and keys
 * @param inPlace the input that the tree overwrites; null if the result gets planes of its own
 */
public record Target(Node node, @Nullable Layout layout, @Nullable Node inPlace) {

  /** Requests a tree in planes of its own. */
  public static Target fresh(Node node, Layout layout) {
    return new Target(node, layout, null);
  }

  /** Requests a tree that overwrites an input of the same layout. */
  public static Target over(Node input, Node node) {
    return new Target(node, input.layout(), input);
  }

  /** Requests a scalar or a key. */
  public static Target value(Node node) {
    return new Target(node, null, null);
  }
}
