package dev.glissade.fuse.plan;

import dev.glissade.fuse.graph.Graph;
import dev.glissade.fuse.graph.Node;
import dev.glissade.fuse.graph.Op;
import dev.glissade.fuse.graph.Routing;
import dev.glissade.fuse.kernel.Kernel;
import dev.glissade.fuse.memory.Element;
import dev.glissade.fuse.memory.Layout;
import dev.glissade.fuse.tape.Ranges;
import dev.glissade.fuse.tape.Tape;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Cuts one pass into loops. Its work is a list of jobs (store this plane there, reduce these
 * planes); jobs that touch a common array belong to one loop, so that the array is read once, and
 * so that a store over an input comes after every read of it.
 */
final class PassBuilder {
  private final Graph graph;
  private final Decisions decisions;
  private final Function<Tape, Kernel> kernels;

  /** Values that earlier passes have stored: the array of the first plane. */
  private final Map<Integer, Loop.ArrayRef> stored;

  private final List<Job> jobs = new ArrayList<>();

  /**
   * @param destination where to store; null to reduce
   * @param reduction the reducing node; -1 to store
   */
  record Job(
      List<PlaneRef> values,
      int size,
      Loop.@Nullable ArrayRef destination,
      @Nullable Element element,
      int reduction) {}

  PassBuilder(
      Graph graph,
      Decisions decisions,
      Function<Tape, Kernel> kernels,
      Map<Integer, Loop.ArrayRef> stored) {
    this.graph = graph;
    this.decisions = decisions;
    this.kernels = kernels;
    this.stored = stored;
  }

  void reduce(int id) {
    int[] trees = decisions.operands(id);
    Layout layout = graph.node(trees[0]).layout();
    for (int p = 0; p < layout.planes(); p++) {
      List<PlaneRef> values = new ArrayList<>();
      for (int tree : trees) {
        values.add(new PlaneRef(tree, p));
      }
      jobs.add(new Job(values, layout.size(p), null, null, id));
    }
  }

  /**
   * Stores a tree's planes in the array of the first plane and those that follow it; not those that
   * are there as they are.
   */
  void store(int id, Layout layout, Loop.ArrayRef first) {
    for (int p = 0; p < layout.planes(); p++) {
      PlaneRef value = new PlaneRef(id, p);
      if (!first.at(p).equals(arrayOf(unrounded(value)))) {
        jobs.add(new Job(List.of(value), layout.size(p), first.at(p), layout.element(p), -1));
      }
    }
  }

  /** The resolved plane; of one in memory that is rounded to the type that it has, that one. */
  private PlaneRef unrounded(PlaneRef start) {
    PlaneRef ref = resolved(start);
    Node node = graph.node(ref.node());
    if (node.kind() != Node.Kind.ROUND || arrayOf(ref) != null) {
      return ref;
    }
    PlaneRef rounded = resolved(new PlaneRef(decisions.operands(ref.node())[0], ref.plane()));
    Node source = graph.node(rounded.node());
    boolean same =
        arrayOf(rounded) != null
            && source.layout().element(rounded.plane()) == node.layout().element(ref.plane());
    return same ? rounded : ref;
  }

  /** The loops, in the order of their first jobs. */
  List<Loop> build() {
    Map<Loop.ArrayRef, Integer> owner = new HashMap<>();
    int[] parent = new int[jobs.size()];
    for (int j = 0; j < parent.length; j++) {
      parent[j] = j;
      Job job = jobs.get(j);
      for (Loop.ArrayRef array : touched(job)) {
        Integer other = owner.putIfAbsent(array, j);
        if (other != null) {
          unite(parent, other, j);
        }
      }
    }
    Map<Integer, List<Job>> groups = new LinkedHashMap<>();
    for (int j = 0; j < parent.length; j++) {
      groups.computeIfAbsent(find(parent, j), key -> new ArrayList<>()).add(jobs.get(j));
    }
    return loops(groups.values());
  }

  private static void unite(int[] parent, int a, int b) {
    int first = find(parent, a);
    int second = find(parent, b);
    parent[Math.max(first, second)] = Math.min(first, second);
  }

  private static int find(int[] parent, int job) {
    int root = job;
    while (parent[root] != root) {
      root = parent[root];
    }
    return root;
  }

  private List<Loop.ArrayRef> touched(Job job) {
    List<Loop.ArrayRef> arrays = new ArrayList<>();
    Set<PlaneRef> seen = new HashSet<>();
    job.values().forEach(value -> loads(value, seen, arrays));
    if (job.destination() != null) {
      arrays.add(job.destination());
    }
    return arrays;
  }

  private void loads(PlaneRef value, Set<PlaneRef> seen, List<Loop.ArrayRef> arrays) {
    PlaneRef ref = resolved(value);
    if (!seen.add(ref)) {
      return;
    }
    Loop.ArrayRef array = arrayOf(ref);
    if (array != null) {
      arrays.add(array);
      return;
    }
    for (int operand : decisions.operands(ref.node())) {
      if (graph.node(operand).sort() == Node.Sort.TREE) {
        loads(new PlaneRef(operand, ref.plane()), seen, arrays);
      }
    }
  }

  /** Where a resolved plane is in memory; null if it has to be computed. */
  Loop.@Nullable ArrayRef arrayOf(PlaneRef ref) {
    Loop.ArrayRef first = stored.get(ref.node());
    if (first != null) {
      return first.at(ref.plane());
    }
    return decisions.isInMemory(ref.node())
        ? new Loop.ArrayRef(false, ref.node(), ref.plane())
        : null;
  }

  /** The plane behind routes, and behind sums with zeros, which are the other plane's very bits. */
  PlaneRef resolved(PlaneRef start) {
    PlaneRef ref = start;
    PlaneRef next = behind(ref);
    while (next != null) {
      ref = next;
      next = behind(ref);
    }
    return ref;
  }

  private @Nullable PlaneRef behind(PlaneRef ref) {
    if (arrayOf(ref) != null) {
      return null;
    }
    Node node = graph.node(ref.node());
    int[] operands = decisions.operands(ref.node());
    if (node.attribute() instanceof Routing routing) {
      int plane = ref.plane();
      return new PlaneRef(operands[routing.source(plane)], routing.sourcePlane(plane));
    }
    if (node.attribute() == Op.ADD && graph.node(operands[1]).sort() == Node.Sort.TREE) {
      PlaneRef second = resolved(new PlaneRef(operands[1], ref.plane()));
      boolean same = arrayOf(second) == null && graph.node(second.node()).isZero();
      return same ? new PlaneRef(operands[0], ref.plane()) : null;
    }
    return null;
  }

  /** One loop for all leaves that have the same done to them with the same scalars. */
  private List<Loop> loops(Collection<List<Job>> groups) {
    Map<TapeBuilder.Shared, List<Leaf>> leaves = new LinkedHashMap<>();
    for (List<Job> group : groups) {
      TapeBuilder.Written written = written(group);
      leaves
          .computeIfAbsent(written.shared(), key -> new ArrayList<>())
          .add(new Leaf(group.get(0).size(), written));
    }
    List<Loop> loops = new ArrayList<>();
    leaves.forEach((shared, alike) -> loops.add(loop(shared, alike)));
    return loops;
  }

  private record Leaf(int size, TapeBuilder.Written written) {}

  private Loop loop(TapeBuilder.Shared shared, List<Leaf> leaves) {
    int[] sizes = leaves.stream().mapToInt(Leaf::size).toArray();
    return new Loop(
        shared.tape(),
        kernels.apply(shared.tape()),
        sizes,
        Ranges.of(sizes, shared.tape().compute()),
        leaves.stream()
            .flatMap(leaf -> leaf.written().arrays().stream())
            .toArray(Loop.ArrayRef[]::new),
        numbers(shared.scalars().stream()),
        numbers(leaves.stream().flatMap(leaf -> leaf.written().keys().stream())),
        numbers(shared.reductions().stream()));
  }

  private static int[] numbers(Stream<Integer> stream) {
    return stream.mapToInt(Integer::intValue).toArray();
  }

  private TapeBuilder.Written written(List<Job> group) {
    TapeBuilder builder = new TapeBuilder(this);
    for (Job job : group) {
      if (job.reduction() >= 0) {
        builder.reduce(job);
      }
    }
    for (Job job : group) {
      if (job.destination() != null) {
        builder.store(job);
      }
    }
    return builder.build();
  }

  Node node(int id) {
    return graph.node(id);
  }

  int[] operands(int id) {
    return decisions.operands(id);
  }
}
