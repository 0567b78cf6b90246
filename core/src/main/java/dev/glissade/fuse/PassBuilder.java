package dev.glissade.fuse;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Cuts one pass into loops. Its work is a list of jobs (store this plane there, reduce these
 * planes); jobs that touch a common array belong to one loop, so that the array is read once, and
 * so that a store over an input comes after every read of it.
 */
final class PassBuilder {
  private final Graph graph;
  private final Decisions decisions;
  private final KernelCache kernels;
  private final List<Job> jobs = new ArrayList<>();

  /** Where a plane's value comes from, behind routes and choices. */
  record PlaneRef(int node, int plane) {}

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

  PassBuilder(Graph graph, Decisions decisions, KernelCache kernels) {
    this.graph = graph;
    this.decisions = decisions;
    this.kernels = kernels;
  }

  void reduce(int id) {
    int[] trees = decisions.operands(id);
    Layout layout = graph.nodes.get(trees[0]).layout();
    for (int p = 0; p < layout.planes(); p++) {
      List<PlaneRef> values = new ArrayList<>();
      for (int tree : trees) {
        values.add(new PlaneRef(tree, p));
      }
      jobs.add(new Job(values, layout.size(p), null, null, id));
    }
  }

  void store(int id, Layout layout, boolean ofTarget, int index) {
    for (int p = 0; p < layout.planes(); p++) {
      jobs.add(
          new Job(
              List.of(new PlaneRef(id, p)),
              layout.size(p),
              new Loop.ArrayRef(ofTarget, index, p),
              layout.element(p),
              -1));
    }
  }

  /** The loops, in the order of their first jobs; {@code overwritten} maps targets to inputs. */
  List<Loop> build(Map<Integer, Integer> overwritten) {
    Map<Object, Integer> owner = new HashMap<>();
    int[] parent = new int[jobs.size()];
    for (int j = 0; j < parent.length; j++) {
      parent[j] = j;
      Job job = jobs.get(j);
      for (Object array : touched(job, overwritten)) {
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
    return groups.values().stream().map(this::loop).toList();
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

  private List<Object> touched(Job job, Map<Integer, Integer> overwritten) {
    List<Object> arrays = new ArrayList<>();
    Map<PlaneRef, Boolean> seen = new HashMap<>();
    job.values().forEach(value -> loads(value, seen, arrays));
    Loop.ArrayRef destination = job.destination();
    if (destination != null && destination.ofTarget()) {
      Integer input = overwritten.get(destination.index());
      if (input != null) {
        arrays.add(new PlaneRef(input, destination.plane()));
      }
    }
    return arrays;
  }

  private void loads(PlaneRef value, Map<PlaneRef, Boolean> seen, List<Object> arrays) {
    PlaneRef ref = follow(value);
    if (seen.putIfAbsent(ref, true) != null) {
      return;
    }
    if (isArray(ref.node())) {
      arrays.add(ref);
      return;
    }
    for (int operand : decisions.operands(ref.node())) {
      if (graph.nodes.get(operand).sort == Node.Sort.TREE) {
        loads(new PlaneRef(operand, ref.plane()), seen, arrays);
      }
    }
  }

  private boolean isArray(int id) {
    Node.Kind kind = graph.nodes.get(id).kind;
    return decisions.known.get(id) || kind == Node.Kind.INPUT || kind == Node.Kind.EXTERNAL;
  }

  private PlaneRef follow(PlaneRef start) {
    PlaneRef ref = start;
    while (!isArray(ref.node())
        && graph.nodes.get(ref.node()).attribute instanceof Routing routing) {
      int source = decisions.operands(ref.node())[routing.source[ref.plane()]];
      ref = new PlaneRef(source, routing.plane[ref.plane()]);
    }
    return ref;
  }

  private Loop loop(List<Job> group) {
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
    return builder.build(group.get(0).size(), kernels);
  }

  /** What a tape builder needs to know of a plane's value. */
  @Nullable PlaneRef arrayOf(PlaneRef value) {
    PlaneRef ref = follow(value);
    return isArray(ref.node()) ? ref : null;
  }

  PlaneRef resolved(PlaneRef value) {
    return follow(value);
  }

  Node node(int id) {
    return graph.nodes.get(id);
  }

  int[] operands(int id) {
    return decisions.operands(id);
  }
}
