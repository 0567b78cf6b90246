package dev.glissade.fuse.run;

import dev.glissade.fuse.graph.AxisMap;
import dev.glissade.fuse.graph.AxisReduction;
import dev.glissade.fuse.graph.Graph;
import dev.glissade.fuse.graph.HostCallback;
import dev.glissade.fuse.graph.Node;
import dev.glissade.fuse.graph.Target;
import dev.glissade.fuse.memory.Layout;
import dev.glissade.fuse.memory.Plane;
import dev.glissade.fuse.plan.Loop;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The data of one execution: the value of each node, and the planes of each target. */
final class Frame {
  final Plane[] @Nullable [] planes;
  final double[] values;
  final long[] keys;
  private final @Nullable Object[] functions;
  private final HostCallback.@Nullable Workspace[] workspaces;
  private final Plane[] @Nullable [] results;
  private final Graph graph;

  /** The sums of the nodes that passes reduce to smaller trees, plane by plane. */
  private final double[] @Nullable [][] sums;

  /** The maximum number of threads of a large pass. */
  int threads = Engine.THREADS;

  /** Whether a pass is overwriting inputs: an exception then leaves them inconsistent. */
  boolean storing;

  Frame(Graph graph) {
    int nodes = graph.nodes().size();
    this.graph = graph;
    this.sums = new double[nodes][][];
    this.planes = new Plane[nodes][];
    this.values = new double[nodes];
    this.keys = new long[nodes];
    this.functions = new Object[nodes];
    this.workspaces = new HostCallback.Workspace[nodes];
    this.results = new Plane[graph.targets().size()][];
    for (int id = 0; id < nodes; id++) {
      Node node = graph.node(id);
      switch (node.kind()) {
        case INPUT -> planes[id] = node.planes();
        case CONSTANT -> values[id] = node.value();
        case KEY -> keys[id] = node.keyValue();
        case MAP, CALLBACK -> functions[id] = node.function();
        default -> {}
      }
    }
  }

  /** Sets the planes of each tree target: those that it overwrites, or new ones. */
  void prepareResults(Graph graph) {
    for (int t = 0; t < results.length; t++) {
      Target target = graph.targets().get(t);
      Node inPlace = target.inPlace();
      if (inPlace != null) {
        results[t] = planes[graph.id(inPlace)];
      } else if (target.layout() != null) {
        results[t] = target.layout().allocate();
      }
    }
  }

  /** Allocates the planes and the sums of a smaller tree that a pass computes. */
  void allocateSmall(int id) {
    Layout layout = graph.node(id).layout();
    if (sums[id] == null) {
      double[][] all = new double[layout.planes()][];
      Arrays.setAll(all, plane -> new double[layout.size(plane)]);
      planes[id] = layout.allocate();
      sums[id] = all;
    }
  }

  /** Clears the sums of a smaller tree. */
  void beginSmall(int id) {
    Node node = graph.node(id);
    double initial =
        node.kind() == Node.Kind.REDUCE_AXES ? node.axisReduction().fold().initial() : 0;
    for (double[] plane : sums(id)) {
      Arrays.fill(plane, initial);
    }
  }

  /** Stores the sums of a smaller tree in its planes. */
  void endSmall(int id) {
    Node node = graph.node(id);
    double[][] all = sums(id);
    for (int p = 0; p < all.length; p++) {
      double[] sum = all[p];
      if (node.kind() == Node.Kind.REDUCE_AXES) {
        AxisMap map = node.axisReduction().maps().get(p);
        int elements = map.large() / Math.max(1, map.small());
        for (int i = 0; i < sum.length; i++) {
          sum[i] = node.axisReduction().fold().result(sum[i], elements);
        }
      } else {
        sum[0] = node.leafReduction().result(sum[0], elements(id, p));
      }
      planes(id)[p].store(sum);
    }
  }

  /** Returns the number of elements of the leaf that is reduced to a plane. */
  private int elements(int id, int plane) {
    Node node = graph.node(id);
    Layout layout = graph.node(graph.operands(id)[0]).layout();
    int elements = 0;
    for (int p = 0; p < layout.planes(); p++) {
      elements += node.leafReduction().target(p) == plane ? layout.size(p) : 0;
    }
    return elements;
  }

  double[][] sums(int id) {
    return Objects.requireNonNull(sums[id]);
  }

  AxisReduction.Fold fold(int id) {
    return graph.node(id).axisReduction().fold();
  }

  Plane[] planes(int node) {
    return present(planes[node], "node", node);
  }

  Plane[] result(int target) {
    return present(results[target], "target", target);
  }

  /** Returns all planes of the node or target of a reference. */
  Plane[] planes(Loop.ArrayRef ref) {
    return ref.ofTarget() ? result(ref.index()) : planes(ref.index());
  }

  private static Plane[] present(Plane @Nullable [] planes, String what, int number) {
    if (planes == null) {
      throw new IllegalStateException("%s %d has no planes".formatted(what, number));
    }
    return planes;
  }

  Object function(int node) {
    return Objects.requireNonNull(functions[node]);
  }

  /** Returns the memory that a callback retains between runs. */
  HostCallback.Workspace workspace(int node, int inputs) {
    HostCallback.Workspace known = workspaces[node];
    if (known == null) {
      known = new HostCallback.Workspace(inputs);
      workspaces[node] = known;
    }
    return known;
  }
}
