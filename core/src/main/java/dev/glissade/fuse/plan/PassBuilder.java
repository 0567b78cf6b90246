package dev.glissade.fuse.plan;

import dev.glissade.fuse.graph.Node;
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
 * Cuts one pass into loops. A pass is a list of jobs: stores of planes and reductions of planes.
 * Jobs that touch a common array belong to one loop, which reads the array once, and overwrites an
 * input only after its last read.
 */
final class PassBuilder {
  private final PlaneResolver planes;
  private final Function<Tape, Kernel> kernels;
  private final List<Job> jobs = new ArrayList<>();

  /**
   * A store or a reduction.
   *
   * @param plane the plane of the operands
   * @param destination the array to store to; null to reduce
   * @param reduction the reduction node; -1 to store
   */
  record Job(
      List<PlaneRef> values,
      int size,
      int plane,
      Loop.@Nullable ArrayRef destination,
      @Nullable Element element,
      int reduction) {}

  PassBuilder(PlaneResolver planes, Function<Tape, Kernel> kernels) {
    this.planes = planes;
    this.kernels = kernels;
  }

  /** Reduces trees to a number, to a number for each leaf, or over some axes. */
  void reduce(int id) {
    int[] trees = planes.operands(id);
    Layout layout = planes.node(trees[0]).layout();
    for (int p = 0; p < layout.planes(); p++) {
      List<PlaneRef> values = new ArrayList<>();
      for (int tree : trees) {
        values.add(new PlaneRef(tree, p));
      }
      jobs.add(new Job(values, layout.size(p), p, null, null, id));
    }
  }

  /** Stores the planes of a tree from the first array on, except those already in place. */
  void store(int id, Layout layout, Loop.ArrayRef first) {
    for (int p = 0; p < layout.planes(); p++) {
      PlaneRef value = new PlaneRef(id, p);
      if (!first.at(p).equals(planes.arrayOf(planes.unrounded(value)))) {
        jobs.add(new Job(List.of(value), layout.size(p), p, first.at(p), layout.element(p), -1));
      }
    }
  }

  /** Returns the loops in the order of their first jobs. */
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
    PlaneRef ref = planes.resolved(value);
    if (!seen.add(ref)) {
      return;
    }
    Loop.ArrayRef array = planes.arrayOf(ref);
    if (array != null) {
      arrays.add(array);
      return;
    }
    boolean spreads = planes.node(ref.node()).kind() == Node.Kind.SPREAD;
    for (int operand : planes.operands(ref.node())) {
      if (!spreads && planes.node(operand).sort() == Node.Sort.TREE) {
        loads(new PlaneRef(operand, ref.plane()), seen, arrays);
      }
    }
  }

  /** Returns one loop for all leaves with the same tape, scalars and reductions. */
  private List<Loop> loops(Collection<List<Job>> groups) {
    Map<TapeBuilder.Shared, List<TapeBuilder.Leaf>> leaves = new LinkedHashMap<>();
    for (List<Job> group : groups) {
      TapeBuilder.Leaf leaf = leaf(group);
      leaves.computeIfAbsent(leaf.shared(), key -> new ArrayList<>()).add(leaf);
    }
    List<Loop> loops = new ArrayList<>();
    leaves.forEach((shared, alike) -> loops.add(loop(shared, alike)));
    return loops;
  }

  private Loop loop(TapeBuilder.Shared shared, List<TapeBuilder.Leaf> leaves) {
    int[] sizes = leaves.stream().mapToInt(TapeBuilder.Leaf::size).toArray();
    Tape tape = shared.tape();
    boolean apart =
        !shared.folds().isEmpty()
            || shared.reductions().stream().anyMatch(id -> planes.node(id).kind().isSmall());
    return new Loop(
        tape,
        kernels.apply(tape),
        sizes,
        ranges(sizes, tape, apart),
        leaves.stream().flatMap(leaf -> leaf.arrays().stream()).toArray(Loop.ArrayRef[]::new),
        ints(shared.scalars().stream()),
        ints(leaves.stream().flatMap(leaf -> leaf.keys().stream())),
        ints(shared.reductions().stream()),
        small(shared, leaves));
  }

  private static Ranges ranges(int[] sizes, Tape tape, boolean apart) {
    int size = tape.staged() > 0 ? Ranges.STAGED_SIZE : Ranges.SIZE;
    return Ranges.of(sizes, tape.compute(), size, apart);
  }

  private static Loop.Small small(TapeBuilder.Shared shared, List<TapeBuilder.Leaf> leaves) {
    return new Loop.Small(
        leaves.stream().flatMap(leaf -> leaf.numbers().stream()).toArray(Loop.ArrayRef[]::new),
        leaves.stream().flatMap(leaf -> leaf.spreads().stream()).toArray(Loop.SpreadRef[]::new),
        ints(shared.folds().stream()),
        ints(shared.foldArrays().stream()),
        leaves.stream().flatMap(leaf -> leaf.folds().stream()).toArray(Loop.FoldRef[]::new),
        ints(leaves.stream().flatMap(leaf -> leaf.targets().stream())));
  }

  static int[] ints(Stream<Integer> stream) {
    return stream.mapToInt(Integer::intValue).toArray();
  }

  private TapeBuilder.Leaf leaf(List<Job> group) {
    TapeBuilder builder = new TapeBuilder(planes);
    group.stream().filter(job -> job.reduction() >= 0).forEach(builder::reduce);
    group.stream().filter(job -> job.reduction() < 0).forEach(builder::store);
    return builder.build(group.get(0).size());
  }
}
