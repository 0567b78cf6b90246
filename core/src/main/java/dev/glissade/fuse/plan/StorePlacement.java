package dev.glissade.fuse.plan;

import dev.glissade.fuse.graph.Graph;
import dev.glissade.fuse.graph.Node;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Chooses in which pass each tree is stored, and which intermediate values are spilled to memory
 * between passes, so that the passes move few bytes: from all stores in the last pass it improves
 * one store, and then one spill, at a time. A pass reads each array once and writes each once. A
 * tree may be stored in any pass from the one in which its value is known, unless a later pass
 * reads what it overwrites; once stored, later passes read it instead of computing it again.
 */
final class StorePlacement {
  private final Graph graph;
  private final Decisions decisions;
  private final Levels levels;
  private final List<Store> stores;

  /** By pass. */
  private final List<PassNeeds> needs;

  private final int passes;
  private final NormOperands operands;

  /**
   * What a pass needs whatever is chosen.
   *
   * @param computed trees that it reduces, or stores for a callback
   * @param borrowed trees in memory that callbacks before it read
   * @param norms trees whose norm it reduces
   */
  record PassNeeds(Set<Integer> computed, Set<Integer> borrowed, Set<Integer> norms) {
    PassNeeds() {
      this(new LinkedHashSet<>(), new LinkedHashSet<>(), new LinkedHashSet<>());
    }
  }

  /**
   * A target's tree: the node, the target and the input that it overwrites, or -1.
   *
   * @param rounds whether some of it is stored with fewer digits than it was computed with
   * @param fills whether it is a number, which kernels store last
   */
  record Store(int target, int node, int over, boolean rounds, boolean fills) {}

  /**
   * What is chosen.
   *
   * @param passes how many there are
   * @param pass the pass of each store
   * @param spilled nodes to keep in memory, with the pass that stores them
   * @param cost the bytes that all passes move
   */
  record Choice(int passes, int[] pass, Map<Integer, Integer> spilled, long cost) {
    /** Returns whether it keeps all inputs until they are read; if none does, add a pass. */
    boolean isPossible() {
      return cost < Long.MAX_VALUE;
    }
  }

  StorePlacement(
      Graph graph, Decisions decisions, Levels levels, List<Store> stores, List<PassNeeds> needs) {
    this.graph = graph;
    this.decisions = decisions;
    this.levels = levels;
    this.stores = stores;
    this.needs = needs;
    this.passes = needs.size();
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
        spilled.put(node, levels.of(node));
        Choice tried = bestStores(spilled);
        if (tried.cost() < best.cost()) {
          best = tried;
          improved = true;
        }
      }
    }
    return best;
  }

  /** Returns the element-wise values that a later pass may need. */
  private List<Integer> candidates() {
    BitSet seen = new BitSet();
    for (Store store : stores) {
      seen.or(decisions.needed(List.of(store.node())));
    }
    return seen.stream()
        .filter(id -> isComputed(id) && levels.of(id) < passes - 1)
        .boxed()
        .toList();
  }

  private boolean isComputed(int id) {
    Node.Kind kind = graph.node(id).kind();
    return !decisions.known.get(id)
        && graph.node(id).sort() == Node.Sort.TREE
        && (kind == Node.Kind.BINARY || kind == Node.Kind.UNARY || kind == Node.Kind.NORMAL);
  }

  /** Returns the best pass for each store, one after the other, given what is spilled. */
  private Choice bestStores(Map<Integer, Integer> spilled) {
    int[] last = stores.stream().mapToInt(store -> passes - 1).toArray();
    Choice best = new Choice(passes, last, spilled, cost(last, spilled));
    for (int i = 0; i < last.length; i++) {
      int[] pass = best.pass().clone();
      for (int p = first(stores.get(i)); p < passes; p++) {
        pass[i] = p;
        long cost = cost(pass, spilled);
        if (cost < best.cost()) {
          best = new Choice(passes, pass.clone(), spilled, cost);
        }
      }
    }
    return best;
  }

  /**
   * Returns the first pass that may store it: its value is known and, if it overwrites an input,
   * all functions of the user's have been called, which may throw.
   */
  private int first(Store store) {
    int known = levels.of(store.node());
    return store.over() < 0 ? known : Math.max(known, Math.min(levels.lastCall(), passes - 1));
  }

  /** Returns the bytes moved, or the largest long if a pass would read what is overwritten. */
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
          || needs.get(p).borrowed().stream().anyMatch(lost::contains)
          || !normsRemain(p, pass, storedIn)) {
        return Long.MAX_VALUE;
      }
      cost += read.stream().mapToLong(this::bytes).sum();
      for (int i = 0; i < pass.length; i++) {
        if (pass[i] == p) {
          cost += bytes(stores.get(i).node());
          lost.add(stores.get(i).over());
        }
      }
      for (Map.Entry<Integer, Integer> spill : spilled.entrySet()) {
        cost += spill.getValue() == p ? bytes(spill.getKey()) : 0;
      }
    }
    return cost;
  }

  private boolean normsRemain(int p, int[] pass, Map<Integer, Integer> storedIn) {
    if (needs.get(p).norms().isEmpty()) {
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
    return needs.get(p).norms().stream()
        .allMatch(tree -> operands.remain(tree, stored, overwritten));
  }

  /** The arrays that a pass reads: inputs, and stored values as the nodes that they are of. */
  private Set<Integer> read(
      int p, int[] pass, Map<Integer, Integer> spilled, Map<Integer, Integer> storedIn) {
    Set<Integer> read = new HashSet<>();
    BitSet seen = new BitSet();
    needs.get(p).computed().forEach(id -> read(id, p, storedIn, seen, read));
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
    if (decisions.isInMemory(id) || (stored != null && stored < p)) {
      read.add(id);
      return;
    }
    for (int operand : decisions.operands(id)) {
      if (graph.node(operand).sort() == Node.Sort.TREE) {
        read(operand, p, storedIn, seen, read);
      }
    }
  }

  private long bytes(int id) {
    return graph.node(id).layout().bytes();
  }
}
