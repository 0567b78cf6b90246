package dev.glissade.fuse.plan;

import dev.glissade.fuse.graph.Graph;
import dev.glissade.fuse.graph.Node;
import dev.glissade.fuse.graph.Reduction;
import dev.glissade.fuse.graph.Target;
import dev.glissade.fuse.kernel.Kernel;
import dev.glissade.fuse.memory.Layout;
import dev.glissade.fuse.tape.Tape;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * Cuts what some roots need into stages. Stage k is host work and then pass k; a reduction made in
 * pass k is there for stage k + 1, so a pass ends only where an element-wise value needs a
 * reduction (or foreign work) over the same pass. {@link StorePlacement} says in which pass each
 * target is stored.
 */
final class StageBuilder {
  private final Graph graph;
  private final Decisions decisions;
  private final Function<Tape, Kernel> kernels;
  private final BitSet needed;
  private final int[] stage;

  StageBuilder(
      Graph graph, Decisions decisions, Function<Tape, Kernel> kernels, List<Integer> roots) {
    this.graph = graph;
    this.decisions = decisions;
    this.kernels = kernels;
    this.needed = decisions.needed(roots);
    this.stage = new int[graph.nodes().size()];
    for (int id : topological()) {
      int latest = 0;
      for (int operand : decisions.operands(id)) {
        latest = Math.max(latest, stage[operand]);
      }
      stage[id] = endsPass(id) ? latest + 1 : latest;
    }
  }

  BitSet needed() {
    return needed;
  }

  /** Needed nodes, operands first; a resolved operand may have a higher number than its user. */
  private List<Integer> topological() {
    List<Integer> order = new ArrayList<>();
    BitSet done = new BitSet();
    for (int root = needed.nextSetBit(0); root >= 0; root = needed.nextSetBit(root + 1)) {
      ArrayDeque<Integer> open = new ArrayDeque<>();
      open.push(root);
      while (!open.isEmpty()) {
        int id = open.peek();
        int waiting = open.size();
        if (!done.get(id)) {
          for (int operand : decisions.operands(id)) {
            if (!done.get(operand)) {
              open.push(operand);
            }
          }
        }
        if (open.size() == waiting) {
          open.pop();
          if (!done.get(id)) {
            done.set(id);
            order.add(id);
          }
        }
      }
    }
    return order;
  }

  private boolean endsPass(int id) {
    Node.Kind kind = graph.node(id).kind();
    return !decisions.known.get(id) && (kind == Node.Kind.REDUCE || kind == Node.Kind.CALLBACK);
  }

  /** The stages; {@code targets} are the numbers of the targets that are stored. */
  List<Stage> build(List<Integer> targets) {
    List<Integer> order = topological();
    List<StorePlacement.Store> stores = stores(targets);
    int last = 0;
    int passes = 1;
    for (int id : order) {
      last = Math.max(last, stage[id]);
      passes = Math.max(passes, endsPass(id) ? stage[id] : 1);
    }
    boolean overwrites = false;
    for (StorePlacement.Store store : stores) {
      passes = Math.max(passes, stage[store.node()] + 1);
      overwrites |= store.over() >= 0;
    }
    passes = overwrites ? Math.max(passes, lastForeign(order) + 1) : passes;
    StorePlacement.Choice choice = assignment(order, stores, passes).best();
    if (!choice.isPossible()) {
      passes++;
      choice = assignment(order, stores, passes).best();
    }
    Map<Integer, Loop.ArrayRef> stored = new HashMap<>();
    List<Stage> stages = new ArrayList<>();
    for (int k = 0; k <= Math.max(last, passes - 1); k++) {
      stages.add(stage(k, order, stores, choice, stored));
    }
    return stages;
  }

  private List<StorePlacement.Store> stores(List<Integer> targets) {
    List<StorePlacement.Store> stores = new ArrayList<>();
    for (int t : targets) {
      Target target = graph.targets().get(t);
      int id = decisions.resolve(graph.id(target.node()));
      if (target.layout() != null && !isOwnInput(target, id)) {
        Node over = target.inPlace();
        boolean fills = graph.node(id).kind() == Node.Kind.FILL;
        stores.add(
            new StorePlacement.Store(
                t, id, over == null ? -1 : graph.id(over), target.layout().rounds(), fills));
      }
    }
    return stores;
  }

  private StorePlacement assignment(
      List<Integer> order, List<StorePlacement.Store> stores, int passes) {
    List<List<Integer>> fixed = new ArrayList<>();
    List<Set<Integer>> borrowed = new ArrayList<>();
    List<List<Integer>> norms = new ArrayList<>();
    for (int p = 0; p < passes; p++) {
      fixed.add(new ArrayList<>());
      borrowed.add(new HashSet<>());
      norms.add(new ArrayList<>());
    }
    for (int id : order) {
      if (endsPass(id)) {
        if (graph.node(id).attribute() == Reduction.NORM) {
          norms.get(stage[id] - 1).add(decisions.operands(id)[0]);
        }
        int[] operands = decisions.operands(id);
        boolean foreign = graph.node(id).kind() == Node.Kind.CALLBACK;
        for (int operand : operands) {
          if (foreign && isThere(operand)) {
            borrowed.get(Math.min(stage[id], passes - 1)).add(operand);
          } else {
            fixed.get(stage[id] - 1).add(operand);
          }
        }
      }
    }
    int foreign = lastForeign(order);
    return new StorePlacement(
        graph, decisions, stage, passes, foreign, stores, fixed, borrowed, norms);
  }

  /** The last stage that calls a function which may throw. */
  private int lastForeign(List<Integer> order) {
    int last = 0;
    for (int id : order) {
      Node.Kind kind = graph.node(id).kind();
      boolean calls = kind == Node.Kind.CALLBACK || kind == Node.Kind.MAP;
      last = calls && !decisions.known.get(id) ? Math.max(last, stage[id]) : last;
    }
    return last;
  }

  private Stage stage(
      int k,
      List<Integer> order,
      List<StorePlacement.Store> stores,
      StorePlacement.Choice choice,
      Map<Integer, Loop.ArrayRef> stored) {
    List<HostStep> host = new ArrayList<>();
    List<Integer> reduced = new ArrayList<>();
    List<Integer> temporaries = new ArrayList<>();
    PassBuilder pass = new PassBuilder(graph, decisions, kernels, Map.copyOf(stored));
    for (int id : order) {
      Node node = graph.node(id);
      if (stage[id] == k && isHost(id, node)) {
        host.add(new HostStep(id, node, decisions.operands(id)));
      }
      if (stage[id] == k + 1 && endsPass(id)) {
        if (node.kind() == Node.Kind.REDUCE) {
          pass.reduce(id);
          reduced.add(id);
        } else {
          materialise(id, pass, temporaries);
        }
      }
    }
    choice
        .spilled()
        .forEach((id, at) -> {
          if (at == k) {
            keep(id, pass, temporaries);
            stored.put(id, new Loop.ArrayRef(false, id, 0));
          }
        });
    boolean overwrites = false;
    for (int i = 0; i < stores.size(); i++) {
      if (choice.pass()[i] == k) {
        store(stores.get(i), pass, stored);
        overwrites |= stores.get(i).over() >= 0;
      }
    }
    return new Stage(
        host.toArray(HostStep[]::new),
        ints(temporaries),
        ints(reduced),
        pass.build().toArray(Loop[]::new),
        overwrites);
  }

  private void store(
      StorePlacement.Store store, PassBuilder pass, Map<Integer, Loop.ArrayRef> stored) {
    Layout layout = graph.targets().get(store.target()).layout();
    if (layout == null) {
      throw new IllegalStateException("target " + store.target() + " is no tree");
    }
    boolean fresh = store.over() < 0;
    Loop.ArrayRef first = new Loop.ArrayRef(fresh, fresh ? store.target() : store.over(), 0);
    pass.store(store.node(), layout, first);
    if (layout.equals(graph.node(store.node()).layout())) {
      stored.putIfAbsent(store.node(), first);
    }
  }

  private void keep(int id, PassBuilder pass, List<Integer> temporaries) {
    if (!temporaries.contains(id)) {
      temporaries.add(id);
      pass.store(id, graph.node(id).layout(), new Loop.ArrayRef(false, id, 0));
    }
  }

  private boolean isOwnInput(Target target, int id) {
    return target.inPlace() != null && graph.id(target.inPlace()) == id;
  }

  private boolean isHost(int id, Node node) {
    if (decisions.known.get(id)) {
      return false;
    }
    return switch (node.kind()) {
      case CALLBACK -> true;
      case INPUT, CONSTANT, KEY, REDUCE -> false;
      default -> node.sort() != Node.Sort.TREE;
    };
  }

  private boolean isThere(int id) {
    Node.Kind kind = graph.node(id).kind();
    return kind == Node.Kind.INPUT || kind == Node.Kind.CALLBACK || decisions.known.get(id);
  }

  private void materialise(int external, PassBuilder pass, List<Integer> temporaries) {
    for (int id : decisions.operands(external)) {
      if (!isThere(id)) {
        keep(id, pass, temporaries);
      }
    }
  }

  private static int[] ints(List<Integer> list) {
    return list.stream().mapToInt(Integer::intValue).toArray();
  }
}
