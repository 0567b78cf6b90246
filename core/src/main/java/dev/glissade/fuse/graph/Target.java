package dev.glissade.fuse.graph;

import dev.glissade.fuse.memory.Layout;
import org.jspecify.annotations.Nullable;

/**
 * One thing that is asked of a graph.
 *
 * @param node what to compute
 * @param layout how a tree is stored; null for scalars and keys
 * @param inPlace the input whose planes a tree is stored over; null for planes of its own
 */
public record Target(Node node, @Nullable Layout layout, @Nullable Node inPlace) {

  /** A tree stored in planes of its own. */
  public static Target fresh(Node node, Layout layout) {
    return new Target(node, layout, null);
  }

  /** A tree stored over an input of the same layout. */
  public static Target over(Node input, Node node) {
    return new Target(node, input.layout(), input);
  }

  /** A scalar or a key. */
  public static Target value(Node node) {
    return new Target(node, null, null);
  }
}
