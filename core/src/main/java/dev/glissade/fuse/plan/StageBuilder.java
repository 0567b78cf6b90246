package dev.glissade.fuse.plan;

import dev.glissade.fuse.graph.Graph;
import dev.glissade.fuse.graph.LeafReduction;
import dev.glissade.fuse.graph.Node;
import dev.glissade.fuse.graph.Reduction;
import dev.glissade.fuse.graph.Target;
import dev.glissade.fuse.kernel.Kernel;
import dev.glissade.fuse.memory.Layout;
import dev.glissade.fuse.plan.StorePlacement.PassNeeds;
import dev.glissade.fuse.plan.StorePlacement.Store;
import dev.glissade.fuse.tape.Tape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Cuts a segment into stages. Stage k is host steps and then pass k, so a pass ends only where an
 * element-wise value needs a reduction, or a callback, over the same pass ({@link Levels}). {@link
 * StorePlacement} chooses the pass that stores each target.
 */
final class StageBuilder {
  private final Graph graph;
  private final int[] sources;
  private final Decisions decisions;
  private final Levels levels;
  private final Function<Tape, Kernel> kernels;
  private final List<Store> stores;
  private final StorePlacement.Choice placement;

  /** The planes that temporaries share one after the other. */
  private final SharedPlanes shared;

  /** The array of the first plane of each value that the stages so far store without rounding. */
  private final Map<Integer, Loop.ArrayRef> stored = new HashMap<>();

  /**
   * @param sources the input whose planes each target takes after the run ({@link Exchange})
   * @param targets the numbers of the targets to store
   */
  StageBuilder(
      Graph graph,
      Decisions decisions,
      Levels levels,
      Function<Tape, Kernel> kernels,
      int[] sources,
      List<Integer> targets) {
    this.sources = sources;
    this.graph = graph;
    this.decisions = decisions;
    this.levels = levels;
    this.kernels = kernels;
    this.stores = stores(targets);
    int passes = passes();
    StorePlacement found = placement(passes);
    StorePlacement.Choice choice = found.best();
    if (!choice.isPossible()) {
      found = placement(passes + 1);
      choice = found.best();
    }
    this.placement = choice;
    this.shared = new SharedPlanes(graph, decisions, levels, found.freeFrom(choice));
  }

  private List<Store> stores(List<Integer> targets) {
    List<Store> stores = new ArrayList<>();
    for (int t : targets) {
      Target target = graph.targets().get(t);
      int id = decisions.resolve(graph.id(target.node()));
      boolean exchanges = sources[t] != Exchange.OWN;
      int over = target.inPlace() == null || exchanges ? -1 : graph.id(target.inPlace());
      boolean inPlace = exchanges ? sources[t] == id : over == id;
      if (target.layout() != null && !inPlace) {
        boolean fills = graph.node(id).kind() == Node.Kind.FILL;
        stores.add(new Store(t, id, over, target.layout().rounds(), fills));
      }
    }
    return stores;
  }

  /** Returns the least number of passes. */
  private int passes() {
    int passes = 1;
    for (int id : levels.order()) {
      passes = Math.max(passes, levels.endsPass(id) ? levels.of(id) : 1);
    }
    for (Store store : stores) {
      int calls = store.over() < 0 ? 0 : levels.lastCall();
      passes = Math.max(passes, Math.max(levels.of(store.node()), calls) + 1);
    }
    return passes;
  }

  private StorePlacement placement(int passes) {
    List<PassNeeds> needs = Stream.generate(PassNeeds::new).limit(passes).toList();
    for (int id : levels.order()) {
      if (levels.endsPass(id)) {
        Node node = graph.node(id);
        int level = levels.of(id);
        for (int operand : decisions.operands(id)) {
          if (graph.node(operand).sort() != Node.Sort.TREE) {
            continue;
          }
          if (node.kind() == Node.Kind.CALLBACK && decisions.isInMemory(operand)) {
            needs.get(Math.min(level, passes - 1)).borrowed().add(operand);
          } else {
            needs.get(level - 1).computed().add(operand);
          }
          if (reducesNorm(node)) {
            needs.get(level - 1).norms().add(operand);
          }
        }
      }
    }
    return new StorePlacement(graph, decisions, levels, stores, needs);
  }

  private static boolean reducesNorm(Node node) {
    return node.attribute() == Reduction.NORM
        || (node.attribute() instanceof LeafReduction leaves && leaves.kind() == Reduction.NORM);
  }

  List<Stage> build() {
    int last = placement.passes() - 1;
    for (int id : levels.order()) {
      last = Math.max(last, levels.of(id));
    }
    List<Stage> stages = new ArrayList<>();
    for (int k = 0; k <= last; k++) {
      stages.add(stage(k));
    }
    return stages;
  }

  private Stage stage(int k) {
    List<HostStep> host = new ArrayList<>();
    List<Integer> reduced = new ArrayList<>();
    List<Integer> small = new ArrayList<>();
    List<Integer> temporaries = new ArrayList<>();
    PassBuilder pass =
        new PassBuilder(new PlaneResolver(graph, decisions, Map.copyOf(stored)), kernels);
    for (int id : levels.order()) {
      Node node = graph.node(id);
      if (levels.of(id) == k && isHostStep(id, node)) {
        host.add(new HostStep(id, node, decisions.operands(id)));
      }
      if (levels.of(id) == k + 1 && levels.endsPass(id)) {
        switch (node.kind()) {
          case REDUCE -> {
            pass.reduce(id);
            reduced.add(id);
          }
          case REDUCE_LEAVES, REDUCE_AXES -> {
            pass.reduce(id);
            small.add(id);
          }
          default -> keepOperands(id, pass, temporaries);
        }
      }
    }
    placement
        .materialized()
        .forEach((id, at) -> {
          if (at == k) {
            materialize(id, k, pass, temporaries);
          }
        });
    boolean overwrites = false;
    for (int i = 0; i < stores.size(); i++) {
      if (placement.pass()[i] == k) {
        store(stores.get(i), pass);
        overwrites |= stores.get(i).over() >= 0;
      }
    }
    int[] kept = PassBuilder.ints(temporaries.stream());
    return new Stage(
        host.toArray(HostStep[]::new),
        kept,
        IntStream.of(kept).map(shared::slot).toArray(),
        PassBuilder.ints(reduced.stream()),
        PassBuilder.ints(small.stream()),
        pass.build().toArray(Loop[]::new),
        overwrites);
  }

  private boolean isHostStep(int id, Node node) {
    if (decisions.known.get(id)) {
      return false;
    }
    return switch (node.kind()) {
      case CALLBACK -> true;
      case INPUT, CONSTANT, KEY, REDUCE -> false;
      default -> node.sort() != Node.Sort.TREE;
    };
  }

  private void store(Store store, PassBuilder pass) {
    Layout layout = graph.targets().get(store.target()).layout();
    if (layout == null) {
      throw new IllegalStateException("target " + store.target() + " is not a tree");
    }
    boolean fresh = store.over() < 0;
    Loop.ArrayRef first = new Loop.ArrayRef(fresh, fresh ? store.target() : store.over(), 0);
    pass.store(store.node(), layout, first);
    if (layout.equals(graph.node(store.node()).layout())) {
      stored.putIfAbsent(store.node(), first);
    }
  }

  /** Stores the trees that a callback, or a spread, needs in memory. */
  private void keepOperands(int id, PassBuilder pass, List<Integer> temporaries) {
    for (int operand : decisions.operands(id)) {
      if (graph.node(operand).sort() == Node.Sort.TREE && !decisions.isInMemory(operand)) {
        keep(operand, pass, temporaries);
        if (graph.node(id).kind() == Node.Kind.SPREAD) {
          stored.put(operand, new Loop.ArrayRef(false, operand, 0));
        }
      }
    }
  }

  /** Stores a value for later passes, over one that no later pass reads if there is such a one. */
  private void materialize(int id, int stage, PassBuilder pass, List<Integer> temporaries) {
    if (temporaries.contains(id)) { // also for a callback
      stored.put(id, new Loop.ArrayRef(false, id, 0));
      return;
    }
    int over = shared.over(id, stage);
    temporaries.add(id);
    pass.store(id, graph.node(id).layout(), new Loop.ArrayRef(false, over, 0));
    stored.keySet().remove(over == id ? -1 : over);
    stored.put(id, new Loop.ArrayRef(false, id, 0));
  }

  /** Stores a tree in planes of the frame. */
  private void keep(int id, PassBuilder pass, List<Integer> temporaries) {
    if (!temporaries.contains(id)) {
      temporaries.add(id);
      pass.store(id, graph.node(id).layout(), new Loop.ArrayRef(false, id, 0));
    }
  }
}
