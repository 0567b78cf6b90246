package dev.glissade.fuse.plan;

import dev.glissade.fuse.graph.Graph;
import dev.glissade.fuse.graph.Node;
import dev.glissade.fuse.memory.Layout;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * In which pass each tree is stored, and which intermediate values are kept in memory between
 * passes: the choice that moves the fewest bytes. A pass reads each array once and writes each
 * once. A tree may be stored in any pass from the one in which its value is known, unless something
 * still has to read what it overwrites; once stored, later passes read it instead of computing it
 * again.
 */
final class StorePlacement {
  private static final int MOST_TRIED = 20_000;

  private final Graph graph;
  private final Decisions decisions;
  private final int[] stage;
  private final int passes;

  /** The last stage that does foreign work. */
  private final int foreign;

  private final List<Store> stores;

  /** Nodes computed (reduced, or materialised) in each pass whatever is chosen. */
  private final List<List<Integer>> fixed;

  /** Inputs that foreign work reads before each pass. */
  private final List<Set<Integer>> borrowed;

  /** Trees whose norm each pass reduces. */
  private final List<List<Integer>> norms;

  private final NormOperands operands;

  /**
   * A target's tree: the node, the target and the input that it overwrites, or -1.
   *
   * @param rounds whether some of it is stored with fewer digits than it was computed with
   * @param fills whether it is a number, stored behind all else
   */
  record Store(int target, int node, int over, boolean rounds, boolean fills) {}

  /**
   * What is chosen.
   *
   * @param pass of each store
   * @param spilled nodes to keep, with the pass that stores them
   * @param cost bytes moved, an element of each tree counting as 4
   */
  record Choice(int[] pass, Map<Integer, Integer> spilled, long cost) {
    /** Whether there is one: else it takes a pass more. */
    boolean isPossible() {
      return cost < Long.MAX_VALUE;
    }
  }

  StorePlacement(
      Graph graph,
      Decisions decisions,
      int[] stage,
      int passes,
      int foreign,
      List<Store> stores,
      List<List<Integer>> fixed,
      List<Set<Integer>> borrowed,
      List<List<Integer>> norms) {
    this.graph = graph;
    this.decisions = decisions;
    this.stage = stage;
    this.passes = passes;
    this.foreign = foreign;
    this.stores = stores;
    this.fixed = fixed;
    this.borrowed = borrowed;
    this.norms = norms;
    this.operands = new NormOperands(graph, decisions);
  }

  Choice best() {
    Choice best = bestStores(Map.of());
    boolean improved = passes > 1;
    while (improved) {
      improved = false;
      for (int node : candidates()) {
        if (best.spilled().containsKey(node)) {
          continue;
        }
        Map<Integer, Integer> spilled = new HashMap<>(best.spilled());
        spilled.put(node, stage[node]);
        Choice tried = bestStores(spilled);
        if (tried.cost() < best.cost()) {
          best = tried;
          improved = true;
        }
      }
    }
    return best;
  }

  /** Element-wise values that a later pass needs. */
  private List<Integer> candidates() {
    BitSet seen = new BitSet();
    for (Store store : stores) {
      seen.or(decisions.needed(List.of(store.node())));
    }
    return seen.stream().filter(id -> isComputed(id) && stage[id] < passes - 1).boxed().toList();
  }

  private boolean isComputed(int id) {
    Node.Kind kind = graph.node(id).kind();
    return !decisions.known.get(id)
        && graph.node(id).sort() == Node.Sort.TREE
        && (kind == Node.Kind.BINARY || kind == Node.Kind.UNARY || kind == Node.Kind.NORMAL);
  }

  private Choice bestStores(Map<Integer, Integer> spilled) {
    int[] pass = stores.stream().mapToInt(store -> passes - 1).toArray();
    Choice best = new Choice(pass.clone(), spilled, cost(pass, spilled));
    double combinations = 1;
    for (Store store : stores) {
      combinations *= passes - first(store);
    }
    if (combinations <= MOST_TRIED) {
      return exhaustive(pass, 0, spilled, best);
    }
    return oneByOne(spilled, best);
  }

  /**
   * The first pass that may store it: with its value known and, where it overwrites something,
   * behind all foreign work, which may throw.
   */
  private int first(Store store) {
    int known = stage[store.node()];
    return store.over() < 0 ? known : Math.max(known, Math.min(foreign, passes - 1));
  }

  private Choice exhaustive(int[] pass, int from, Map<Integer, Integer> spilled, Choice best) {
    if (from == pass.length) {
      long cost = cost(pass, spilled);
      return cost < best.cost() ? new Choice(pass.clone(), spilled, cost) : best;
    }
    Choice found = best;
    for (int p = first(stores.get(from)); p < passes; p++) {
      pass[from] = p;
      found = exhaustive(pass, from + 1, spilled, found);
    }
    return found;
  }

  private Choice oneByOne(Map<Integer, Integer> spilled, Choice start) {
    Choice best = start;
    for (int i = 0; i < stores.size(); i++) {
      int[] pass = best.pass().clone();
      for (int p = first(stores.get(i)); p < passes; p++) {
        pass[i] = p;
        long cost = cost(pass, spilled);
        if (cost < best.cost()) {
          best = new Choice(pass.clone(), spilled, cost);
        }
      }
    }
    return best;
  }

  /** Bytes moved, or the largest long where something would read what is overwritten already. */
  private long cost(int[] pass, Map<Integer, Integer> spilled) {
    Map<Integer, Integer> storedIn = new HashMap<>();
    for (int i = 0; i < pass.length; i++) {
      storedIn.merge(stores.get(i).node(), pass[i], Math::min);
    }
    spilled.forEach((node, p) -> storedIn.merge(node, p, Math::min));
    Set<Integer> lost = new HashSet<>();
    long cost = 0;
    for (int p = 0; p < passes; p++) {
      Set<Integer> read = read(p, pass, spilled, storedIn);
      if (read.stream().anyMatch(lost::contains)
          || borrowed.get(p).stream().anyMatch(lost::contains)
          || !normsRemain(p, pass, storedIn)) {
        return Long.MAX_VALUE;
      }
      cost += read.stream().mapToLong(this::size).sum();
      for (int i = 0; i < pass.length; i++) {
        if (pass[i] == p) {
          cost += size(stores.get(i).node());
          lost.add(stores.get(i).over());
        }
      }
      for (Map.Entry<Integer, Integer> spill : spilled.entrySet()) {
        cost += spill.getValue() == p ? size(spill.getKey()) : 0;
      }
    }
    return cost;
  }

  private boolean normsRemain(int p, int[] pass, Map<Integer, Integer> storedIn) {
    if (norms.get(p).isEmpty()) {
      return true;
    }
    BitSet stored = new BitSet();
    storedIn.forEach((node, at) -> stored.set(node, at <= p));
    BitSet overwritten = new BitSet();
    for (int i = 0; i < pass.length; i++) {
      Store store = stores.get(i);
      if (store.rounds()) {
        stored.clear(store.node());
      }
      if (store.over() >= 0 && pass[i] == p && !store.fills()) {
        overwritten.set(store.over());
      }
    }
    return norms.get(p).stream().allMatch(tree -> operands.remain(tree, stored, overwritten));
  }

  /** The arrays that a pass reads: inputs, and stored values as the nodes that they are of. */
  private Set<Integer> read(
      int p, int[] pass, Map<Integer, Integer> spilled, Map<Integer, Integer> storedIn) {
    Set<Integer> read = new HashSet<>();
    BitSet seen = new BitSet();
    fixed.get(p).forEach(id -> read(id, p, storedIn, seen, read));
    for (int i = 0; i < pass.length; i++) {
      if (pass[i] == p) {
        read(stores.get(i).node(), p, storedIn, seen, read);
      }
    }
    spilled.forEach((node, at) -> {
      if (at == p) {
        read(node, p, storedIn, seen, read);
      }
    });
    return read;
  }

  private void read(int id, int p, Map<Integer, Integer> storedIn, BitSet seen, Set<Integer> read) {
    if (seen.get(id)) {
      return;
    }
    seen.set(id);
    Integer stored = storedIn.get(id);
    Node.Kind kind = graph.node(id).kind();
    if (decisions.known.get(id)
        || kind == Node.Kind.INPUT
        || kind == Node.Kind.CALLBACK
        || (stored != null && stored < p)) {
      read.add(id);
      return;
    }
    for (int operand : decisions.operands(id)) {
      if (graph.node(operand).sort() == Node.Sort.TREE) {
        read(operand, p, storedIn, seen, read);
      }
    }
  }

  /** Bytes of a node's tree. */
  private long size(int id) {
    Layout layout = graph.node(id).layout();
    long size = 0;
    for (int p = 0; p < layout.planes(); p++) {
      size += (long) layout.size(p) * layout.element(p).bytes();
    }
    return size;
  }
}
