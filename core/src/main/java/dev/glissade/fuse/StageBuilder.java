package dev.glissade.fuse;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Cuts what some roots need into stages. Stage k is host work and then pass k; a reduction made in
 * pass k is there for stage k + 1, so a pass ends only where an element-wise value needs a
 * reduction (or foreign work) over the same pass. All targets are stored in the last pass, when
 * every read of what they overwrite is done.
 */
final class StageBuilder {
  private final Graph graph;
  private final Decisions decisions;
  private final KernelCache kernels;
  private final BitSet needed;
  private final int[] stage;

  StageBuilder(Graph graph, Decisions decisions, KernelCache kernels, List<Integer> roots) {
    this.graph = graph;
    this.decisions = decisions;
    this.kernels = kernels;
    this.needed = decisions.needed(roots);
    this.stage = new int[graph.nodes.size()];
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
    Node.Kind kind = graph.nodes.get(id).kind;
    return !decisions.known.get(id) && (kind == Node.Kind.REDUCE || kind == Node.Kind.EXTERNAL);
  }

  /** The stages; {@code targets} are the numbers of the targets that are stored at the end. */
  List<Stage> build(List<Integer> targets) {
    int last = 0;
    for (int id = needed.nextSetBit(0); id >= 0; id = needed.nextSetBit(id + 1)) {
      last = Math.max(last, stage[id]);
    }
    List<Stage> stages = new ArrayList<>();
    List<Integer> order = topological();
    for (int k = 0; k <= last; k++) {
      stages.add(stage(k, order, k == last ? targets : List.of()));
    }
    return stages;
  }

  private Stage stage(int k, List<Integer> order, List<Integer> targets) {
    List<HostStep> host = new ArrayList<>();
    List<Integer> reduced = new ArrayList<>();
    List<Integer> temporaries = new ArrayList<>();
    PassBuilder pass = new PassBuilder(graph, decisions, kernels);
    for (int id : order) {
      Node node = graph.nodes.get(id);
      if (stage[id] == k && isHost(id, node)) {
        host.add(HostStep.of(id, node, decisions.operands(id)));
      }
      if (stage[id] == k + 1 && endsPass(id)) {
        if (node.kind == Node.Kind.REDUCE) {
          pass.reduce(id);
          reduced.add(id);
        } else {
          materialise(id, pass, temporaries);
        }
      }
    }
    Map<Integer, Integer> overwritten = new HashMap<>();
    for (int t : targets) {
      Target target = graph.targets.get(t);
      int id = decisions.resolve(graph.id(target.node()));
      if (target.inPlace() != null) {
        overwritten.put(t, graph.id(target.inPlace()));
      }
      if (target.layout() != null && !isOwnInput(target, id)) {
        pass.store(id, target.layout(), true, t);
      }
    }
    return new Stage(host, ints(temporaries), ints(reduced), pass.build(overwritten));
  }

  private boolean isOwnInput(Target target, int id) {
    return target.inPlace() != null && graph.id(target.inPlace()) == id;
  }

  private boolean isHost(int id, Node node) {
    if (decisions.known.get(id)) {
      return false;
    }
    return switch (node.kind) {
      case EXTERNAL -> true;
      case INPUT, CONSTANT, KEY, REDUCE -> false;
      default -> node.sort != Node.Sort.TREE;
    };
  }

  private void materialise(int external, PassBuilder pass, List<Integer> temporaries) {
    for (int id : decisions.operands(external)) {
      Node.Kind kind = graph.nodes.get(id).kind;
      boolean there =
          kind == Node.Kind.INPUT || kind == Node.Kind.EXTERNAL || decisions.known.get(id);
      if (!there && !temporaries.contains(id)) {
        temporaries.add(id);
        pass.store(id, graph.nodes.get(id).layout(), false, id);
      }
    }
  }

  private static int[] ints(List<Integer> list) {
    return list.stream().mapToInt(Integer::intValue).toArray();
  }
}
