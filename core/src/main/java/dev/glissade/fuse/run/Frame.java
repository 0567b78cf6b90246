package dev.glissade.fuse.run;

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

  /** The planes that each target is stored in. */
  private final Plane[] @Nullable [] destinations;

  /** The planes of targets that become planes of inputs after a run. */
  private final Plane[] @Nullable [] spares;

  /** The planes that passes store nodes in, by slot. */
  private Plane[] @Nullable [] temporaries;

  private final Graph graph;

  /** The results of the nodes that passes reduce to smaller trees. */
  private final @Nullable SmallResult[] small;

  /** The maximum number of threads of a large pass. */
  int threads = Engine.THREADS;

  /** Whether a pass is overwriting inputs: an exception then leaves them inconsistent. */
  boolean storing;

  Frame(Graph graph) {
    int nodes = graph.nodes().size();
    this.graph = graph;
    this.small = new SmallResult[nodes];
    this.planes = new Plane[nodes][];
    this.values = new double[nodes];
    this.keys = new long[nodes];
    this.functions = new Object[nodes];
    this.workspaces = new HostCallback.Workspace[nodes];
    this.results = new Plane[graph.targets().size()][];
    this.destinations = new Plane[results.length][];
    this.spares = new Plane[results.length][];
    this.temporaries = new Plane[nodes][];
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
      destinations[t] = results[t];
    }
  }

  /** Provides the planes of targets that exchange theirs. */
  void prepareSpares(int[] targets) {
    for (int t : targets) {
      if (spares[t] == null) {
        spares[t] = allocated(layout(t));
      }
      destinations[t] = spares[t];
    }
  }

  private Layout layout(int target) {
    return Objects.requireNonNull(graph.targets().get(target).layout());
  }

  /**
   * Gives each target the planes of its source, or those that it was stored in, for which the
   * planes of its source become the spare ones.
   */
  @SuppressWarnings("ReferenceEquality") // the very same planes
  void exchange(int[] sources) {
    for (int t = 0; t < sources.length; t++) {
      if (sources[t] >= 0) {
        Plane[] source = planes(sources[t]);
        boolean stored = destinations[t] == spares[t] && spares[t] != null;
        results[t] = stored ? spares[t] : source;
        if (stored) {
          spares[t] = source;
        }
      }
    }
    for (int t = 0; t < sources.length; t++) {
      if (sources[t] >= 0) {
        planes[graph.id(Objects.requireNonNull(graph.targets().get(t).inPlace()))] = results[t];
      }
    }
  }

  /** Returns new planes, which lie as those of an input of the same sizes do. */
  private Plane[] allocated(Layout layout) {
    for (int id = 0; id < planes.length; id++) {
      Plane[] known = graph.node(id).isInput() ? planes[id] : null;
      if (known != null && layout.isSliced(known)) {
        return layout.allocateLike(known);
      }
    }
    return layout.allocate();
  }

  /** Provides the planes of a node that a pass stores. */
  void allocateTemporary(int id, int slot) {
    if (slot >= temporaries.length) {
      temporaries = Arrays.copyOf(temporaries, slot + 1);
    }
    if (temporaries[slot] == null) {
      temporaries[slot] = allocated(graph.node(id).layout());
    }
    planes[id] = temporaries[slot];
  }

  /** Allocates the planes and the sums of a smaller tree that a pass computes. */
  void allocateSmall(int id) {
    if (small[id] == null) {
      Node node = graph.node(id);
      Layout operand = graph.node(graph.operands(id)[0]).layout();
      SmallResult result = new SmallResult(node, operand);
      planes[id] = node.layout().allocate();
      small[id] = result;
    }
  }

  /** Clears the sums of a smaller tree. */
  void beginSmall(int id) {
    small(id).clear();
  }

  /** Stores the sums of a smaller tree in its planes. */
  void endSmall(int id) {
    small(id).store(planes(id));
  }

  /** Returns the sums of a smaller tree, plane by plane. */
  double[][] sums(int id) {
    return small(id).sums();
  }

  private SmallResult small(int id) {
    return Objects.requireNonNull(small[id]);
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
    return ref.ofTarget()
        ? present(destinations[ref.index()], "target", ref.index())
        : planes(ref.index());
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
  HostCallback.Workspace workspace(int node) {
    HostCallback.Workspace known = workspaces[node];
    if (known == null) {
      int[] operands = graph.operands(node);
      int trees = 0;
      while (trees < operands.length && graph.node(operands[trees]).sort() == Node.Sort.TREE) {
        trees++;
      }
      known = new HostCallback.Workspace(trees, operands.length - trees);
      workspaces[node] = known;
    }
    return known;
  }
}
