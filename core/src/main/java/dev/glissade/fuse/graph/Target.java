package dev.glissade.fuse.graph;

import dev.glissade.fuse.memory.Layout;
import org.jspecify.annotations.Nullable;

/**
 * A requested result of a graph.
 *
 * @param node the node to compute
 * @param layout the layout of a tree; null for scalars and keys
 * @param inPlace the input that the tree overwrites; null if the result gets planes of its own
 * @param exchanges whether the tree may take the planes of another such target's input
 */
public record Target(
    Node node, @Nullable Layout layout, @Nullable Node inPlace, boolean exchanges) {

  /** Requests a tree in planes of its own. */
  public static Target fresh(Node node, Layout layout) {
    return new Target(node, layout, null, false);
  }

  /** Requests a tree that overwrites an input of the same layout. */
  public static Target over(Node input, Node node) {
    return new Target(node, input.layout(), input, false);
  }

  /** Returns this target, which may exchange planes with other such targets. */
  public Target exchanging() {
    return new Target(node, layout, inPlace, inPlace != null);
  }

  /** Requests a scalar or a key. */
  public static Target value(Node node) {
    return new Target(node, null, null, false);
  }
}
