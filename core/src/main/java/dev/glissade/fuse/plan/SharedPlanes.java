package dev.glissade.fuse.plan;

import dev.glissade.fuse.graph.Graph;
import dev.glissade.fuse.graph.Node;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Lets temporaries of a segment share planes: one may use those of another that no later stage
 * reads. So a long chain of passes works in two trees. What callbacks read keeps its own planes,
 * since their results may be on them.
 */
final class SharedPlanes {
  private final Graph graph;
  private final Map<Integer, Integer> lastUse = new HashMap<>();
  private final Set<Integer> called = new HashSet<>();

  SharedPlanes(Graph graph, List<Stage> stages) {
    this.graph = graph;
    for (int k = 0; k < stages.size(); k++) {
      for (HostStep step : stages.get(k).host()) {
        if (step.node().kind() == Node.Kind.CALLBACK) {
          for (int operand : step.operands()) {
            called.add(operand);
          }
        }
      }
      for (Loop loop : stages.get(k).loops()) {
        use(loop, k);
      }
    }
  }

  private void use(Loop loop, int stage) {
    List<Loop.ArrayRef> arrays = new ArrayList<>(List.of(loop.arrays()));
    arrays.addAll(List.of(loop.small().numbers()));
    for (Loop.SpreadRef spread : loop.small().spreads()) {
      arrays.add(spread.source());
    }
    for (Loop.ArrayRef array : arrays) {
      if (!array.ofTarget()) {
        lastUse.put(array.index(), stage);
      }
    }
  }

  /** Returns the stages, with the planes of each temporary chosen. */
  List<Stage> shared(List<Stage> stages) {
    Map<Integer, Integer> busyUntil = new HashMap<>();
    List<Stage> shared = new ArrayList<>();
    for (int k = 0; k < stages.size(); k++) {
      int[] temporaries = stages.get(k).temporaries();
      int[] homes = new int[temporaries.length];
      for (int i = 0; i < homes.length; i++) {
        homes[i] = home(temporaries[i], k, busyUntil);
      }
      shared.add(stages.get(k).withHomes(homes));
    }
    return shared;
  }

  /** Returns the temporary whose planes a temporary of a stage takes. */
  private int home(int temporary, int stage, Map<Integer, Integer> busyUntil) {
    if (called.contains(temporary)) {
      return temporary;
    }
    int home =
        busyUntil.entrySet().stream()
            .filter(entry -> entry.getValue() < stage)
            .map(Map.Entry::getKey)
            .filter(id -> graph.node(id).layout().equals(graph.node(temporary).layout()))
            .min(Integer::compare)
            .orElse(temporary);
    busyUntil.put(home, lastUse.getOrDefault(temporary, stage));
    return home;
  }
}
