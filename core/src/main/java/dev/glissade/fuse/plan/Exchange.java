package dev.glissade.fuse.plan;

import dev.glissade.fuse.graph.Graph;
import dev.glissade.fuse.graph.Node;
import dev.glissade.fuse.graph.Target;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Where the targets of a segment go that may exchange planes. A tree of a state that becomes
 * another tree of the state, as in a history that moves up by one, changes its name and not its
 * memory: the target takes over the planes of the input that it equals. The tree that enters such a
 * history is stored in spare planes, and the planes of the tree that leaves it become the next
 * spare ones. So nothing is copied, and the new tree can be stored before the last callback.
 */
final class Exchange {
  /** The target is stored over its own input, or in new planes. */
  static final int OWN = -1;

  private final Graph graph;

  /** For the input of each target, the target that takes over its planes; -1 for none. */
  private final int[] taker;

  Exchange(Graph graph, Decisions decisions) {
    this.graph = graph;
    this.taker = new int[graph.targets().size()];
    Arrays.fill(taker, -1);
    Map<Integer, Integer> owners = new HashMap<>();
    for (int t = 0; t < taker.length; t++) {
      if (graph.targets().get(t).exchanges()) {
        owners.put(input(t), t);
      }
    }
    for (int t = 0; t < taker.length; t++) {
      Target target = graph.targets().get(t);
      Integer from = owners.get(decisions.resolve(graph.id(target.node())));
      if (from != null
          && target.exchanges()
          && graph.node(input(from)).layout().equals(graph.node(input(t)).layout())
          && (taker[from] < 0 || from == t)) {
        taker[from] = t;
      }
    }
  }

  private int input(int target) {
    Node inPlace = graph.targets().get(target).inPlace();
    if (inPlace == null) {
      throw new IllegalStateException("target " + target + " overwrites no input");
    }
    return graph.id(inPlace);
  }

  /**
   * Returns, for each target, the input whose planes become its own after the run; {@link #OWN} if
   * that is its own input, or none.
   */
  int[] sources() {
    int[] sources = new int[taker.length];
    Arrays.fill(sources, OWN);
    boolean[] takes = new boolean[taker.length];
    for (int from = 0; from < taker.length; from++) {
      if (taker[from] >= 0) {
        takes[taker[from]] = true;
        sources[taker[from]] = taker[from] == from ? OWN : input(from);
      }
    }
    for (int t = 0; t < taker.length; t++) {
      if (!takes[t] && taker[t] >= 0) {
        sources[t] = input(left(t));
      }
    }
    return sources;
  }

  /** Returns the target whose input nobody takes over, at the end of the history of a target. */
  private int left(int target) {
    int at = target;
    while (taker[at] >= 0) {
      at = taker[at];
    }
    return at;
  }

  /** Returns the targets that are stored in spare planes. */
  int[] spares() {
    return IntStream.range(0, taker.length)
        .filter(t -> taker[t] >= 0 && IntStream.of(taker).noneMatch(taken -> taken == t))
        .toArray();
  }
}
