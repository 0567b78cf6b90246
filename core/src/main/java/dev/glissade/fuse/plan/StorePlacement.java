package dev.glissade.fuse.plan;

import dev.glissade.fuse.graph.Graph;
import dev.glissade.fuse.graph.Node;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Chooses the pass that stores each tree, and the intermediate values to materialize in memory
 * between passes, so that the passes move few bytes. It starts with all stores in the last pass, or
 * all in the first possible one, and greedily improves one store, then one materialized value, at a
 * time. A pass reads and writes each array once. Any pass may store a tree once its value is known,
 * unless a later pass reads what the store overwrites; later passes then load the tree instead of
 * recomputing it.
 */
final class StorePlacement {
  /** In programs with more passes, the stores move only before and after values materialize. */
  private static final int MANY_PASSES = 12;

  private final Graph graph;
  private final Decisions decisions;
  private final Levels levels;
  private final List<Store> stores;

  /** The needs of each pass. */
  private final List<PassNeeds> needs;

  private final int passes;
  private final NormOperands operands;

  /**
   * What a pass needs under any choice.
   *
   * @param computed the trees that it reduces, or stores for a callback
   * @param borrowed the trees in memory that callbacks before it read
   * @param norms the trees whose norm it reduces
   */
  record PassNeeds(Set<Integer> computed, Set<Integer> borrowed, Set<Integer> norms) {
    PassNeeds() {
      this(new LinkedHashSet<>(), new LinkedHashSet<>(), new LinkedHashSet<>());
    }
  }

  /**
   * The store of a target's tree.
   *
   * @param over the input that it overwrites, or -1
   * @param rounds whether it rounds any plane
   * @param fills whether it stores one number everywhere, which kernels do last
   */
  record Store(int target, int node, int over, boolean rounds, boolean fills) {}

  /**
   * A placement.
   *
   * @param passes the number of passes
   * @param pass the pass of each store
   * @param materialized the pass that stores each materialized node
   * @param cost the bytes that all passes move
   */
  record Choice(int passes, int[] pass, Map<Integer, Integer> materialized, long cost) {
    /** Returns whether all inputs live until their last read; if not, one more pass is needed. */
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
    boolean isLong = passes > MANY_PASSES;
    boolean improved = passes > 1;
    while (improved) {
      improved = false;
      for (int node : candidates()) {
        if (best.materialized().containsKey(node)) {
          continue;
        }
        Map<Integer, Integer> materialized = new HashMap<>(best.materialized());
        materialized.put(node, levels.of(node));
        Choice tried = isLong ? priced(best.pass(), materialized) : bestStores(materialized);
        if (tried.cost() < best.cost()) {
          best = tried;
          improved = true;
        }
      }
    }
    return isLong ? cheaper(best, bestStores(best.materialized())) : best;
  }

  private static Choice cheaper(Choice a, Choice b) {
    return b.cost() < a.cost() ? b : a;
  }

  private Choice priced(int[] pass, Map<Integer, Integer> materialized) {
    return new Choice(passes, pass, materialized, cost(pass, materialized));
  }

  /** Returns the element-wise values that a later pass may need. */
  private List<Integer> candidates() {
    BitSet seen = new BitSet();
    for (Store store : stores) {
      seen.or(decisions.needed(List.of(store.node())));
    }
    if (stores.isEmpty()) {
      needs.forEach(need -> seen.or(decisions.needed(need.computed())));
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
        && (kind == Node.Kind.BINARY
            || kind == Node.Kind.UNARY
            || kind == Node.Kind.SELECT
            || kind == Node.Kind.DRAW);
  }

  /**
   * Returns the cheaper of the placements that start with all stores in the last pass, and with
   * each store as early as possible: several trees may be worth storing early only together.
   */
  private Choice bestStores(Map<Integer, Integer> materialized) {
    int[] last = stores.stream().mapToInt(store -> passes - 1).toArray();
    Choice late = improved(last, materialized);
    int[] first = stores.stream().mapToInt(this::first).toArray();
    if (Arrays.equals(first, last)) {
      return late;
    }
    Choice early = improved(first, materialized);
    return cheaper(late, early);
  }

  /** Returns the best pass of each store, one after the other, given what is materialized. */
  private Choice improved(int[] start, Map<Integer, Integer> materialized) {
    Choice best = priced(start, materialized);
    for (int i = 0; i < start.length; i++) {
      int[] pass = best.pass().clone();
      for (int p = first(stores.get(i)); p < passes; p++) {
        if (p == best.pass()[i]) {
          continue;
        }
        pass[i] = p;
        long cost = cost(pass, materialized);
        if (cost < best.cost()) {
          best = new Choice(passes, pass.clone(), materialized, cost);
        }
      }
    }
    return best;
  }

  /**
   * Returns the first pass that may store a tree: its value is known and, if it overwrites an
   * input, no later stage calls a user's function, which may throw.
   */
  private int first(Store store) {
    int known = levels.of(store.node());
    return store.over() < 0 ? known : Math.max(known, Math.min(levels.lastCall(), passes - 1));
  }

  /** Returns the bytes moved, or the largest long if a pass reads what an earlier one overwrote. */
  private long cost(int[] pass, Map<Integer, Integer> materialized) {
    Map<Integer, Integer> storedIn = storedIn(pass, materialized);
    BitSet lost = new BitSet();
    long cost = 0;
    for (int p = 0; p < passes; p++) {
      Reads reads = read(p, pass, materialized, storedIn);
      BitSet read = reads.all;
      if (read.intersects(lost)
          || overwritesSpread(p, pass, reads)
          || needs.get(p).borrowed().stream().anyMatch(lost::get)
          || !normsRemain(p, pass, storedIn)) {
        return Long.MAX_VALUE;
      }
      cost += read.stream().mapToLong(this::bytes).sum();
      for (int i = 0; i < pass.length; i++) {
        if (pass[i] == p) {
          cost += bytes(stores.get(i).node());
          if (stores.get(i).over() >= 0) {
            lost.set(stores.get(i).over());
          }
        }
      }
      for (Map.Entry<Integer, Integer> value : materialized.entrySet()) {
        cost += value.getValue() == p ? bytes(value.getKey()) : 0;
      }
    }
    return cost;
  }

  /**
   * Returns the first pass that may overwrite each value that a placement materializes: the last
   * one that reads it, unless that pass reads it in another order or may read it again.
   */
  Map<Integer, Integer> freeFrom(Choice choice) {
    Map<Integer, Integer> free = new HashMap<>();
    choice.materialized().forEach((node, p) -> free.put(node, p + 1));
    Map<Integer, Integer> storedIn = storedIn(choice.pass(), choice.materialized());
    for (int p = 0; p < passes; p++) {
      Reads reads = read(p, choice.pass(), choice.materialized(), storedIn);
      boolean again = !needs.get(p).norms().isEmpty();
      for (int node : choice.materialized().keySet()) {
        if (reads.all.get(node)) {
          free.put(node, again || reads.spread.get(node) ? p + 1 : p);
        }
      }
    }
    return free;
  }

  private Map<Integer, Integer> storedIn(int[] pass, Map<Integer, Integer> materialized) {
    Map<Integer, Integer> storedIn = new HashMap<>();
    for (int i = 0; i < pass.length; i++) {
      storedIn.merge(stores.get(i).node(), pass[i], Math::min);
    }
    materialized.forEach((node, p) -> storedIn.merge(node, p, Math::min));
    return storedIn;
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

  /** Returns whether a pass overwrites an input that it also reads in another order. */
  private boolean overwritesSpread(int p, int[] pass, Reads reads) {
    for (int i = 0; i < pass.length; i++) {
      int over = stores.get(i).over();
      if (pass[i] == p && over >= 0 && reads.spread.get(over)) {
        return true;
      }
    }
    return false;
  }

  /** Returns the inputs and the stored nodes that a pass reads. */
  private Reads read(
      int p, int[] pass, Map<Integer, Integer> materialized, Map<Integer, Integer> storedIn) {
    Reads reads = new Reads(p, storedIn);
    needs.get(p).computed().forEach(reads::add);
    for (int i = 0; i < pass.length; i++) {
      if (pass[i] == p) {
        reads.add(stores.get(i).node());
      }
    }
    materialized.forEach((node, at) -> {
      if (at == p) {
        reads.add(node);
      }
    });
    return reads;
  }

  /** The inputs and the stored nodes that a pass reads. */
  private final class Reads {
    final BitSet all = new BitSet();

    /** Those that it repeats along some axes. */
    final BitSet spread = new BitSet();

    private final BitSet seen = new BitSet();
    private final int pass;
    private final Map<Integer, Integer> storedIn;

    Reads(int pass, Map<Integer, Integer> storedIn) {
      this.pass = pass;
      this.storedIn = storedIn;
    }

    void add(int id) {
      if (seen.get(id)) {
        return;
      }
      seen.set(id);
      Integer stored = storedIn.get(id);
      if (decisions.isInMemory(id) || (stored != null && stored < pass)) {
        all.set(id);
        return;
      }
      for (int operand : decisions.operands(id)) {
        if (graph.node(id).kind() == Node.Kind.SPREAD) {
          addSpread(operand);
        } else if (graph.node(operand).sort() == Node.Sort.TREE) {
          add(operand);
        }
      }
    }

    /** Adds a tree that an earlier pass has stored, unless its planes are in memory anyway. */
    private void addSpread(int id) {
      if (decisions.isReady(id) && !decisions.isInMemory(id)) {
        for (int operand : decisions.operands(id)) {
          addSpread(operand);
        }
      } else {
        all.set(id);
        spread.set(id);
      }
    }
  }

  private long bytes(int id) {
    return graph.node(id).layout().bytes();
  }
}
