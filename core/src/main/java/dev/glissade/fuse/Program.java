package dev.glissade.fuse;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

/**
 * What to do for graphs of one structure: a tree of segments. A segment computes the conditions of
 * the choices that it meets and goes on with the segment for their outcomes; the last one stores
 * the targets. Segments are compiled when first reached. Immutable but for that, and shared.
 */
final class Program {
  private final Graph graph;
  private final KernelCache kernels;
  private final Segment first;

  Program(Graph graph, KernelCache kernels) {
    this.graph = graph.skeleton();
    this.kernels = kernels;
    this.first = compile(new Decisions(this.graph));
  }

  private record Segment(
      Decisions decisions,
      List<Stage> stages,
      int[] conditions,
      int[] results,
      BitSet known,
      Map<Long, Segment> next) {}

  private Segment compile(Decisions decisions) {
    Set<Integer> roots = new LinkedHashSet<>();
    graph.targets.forEach(target -> roots.add(graph.id(target.node())));
    int[] conditions = decisions.frontier(roots);
    boolean last = conditions.length == 0;
    List<Integer> goals = last ? List.copyOf(roots) : Arrays.stream(conditions).boxed().toList();
    StageBuilder builder = new StageBuilder(graph, decisions, kernels, goals);
    List<Integer> targets =
        last ? IntStream.range(0, graph.targets.size()).boxed().toList() : List.of();
    List<Stage> stages = builder.build(targets);
    BitSet known = (BitSet) decisions.known.clone();
    known.or(kept(builder.needed(), stages));
    int[] results = graph.targets.stream().mapToInt(t -> graph.id(t.node())).toArray();
    for (int t = 0; t < results.length; t++) {
      results[t] = decisions.resolve(results[t]);
    }
    return new Segment(decisions, stages, conditions, results, known, new ConcurrentHashMap<>());
  }

  /** What a later segment finds in the frame. */
  private BitSet kept(BitSet needed, List<Stage> stages) {
    BitSet kept = new BitSet();
    needed.stream().filter(id -> isKept(graph.nodes.get(id))).forEach(kept::set);
    stages.forEach(stage -> Arrays.stream(stage.temporaries()).forEach(kept::set));
    return kept;
  }

  private static boolean isKept(Node node) {
    return node.sort != Node.Sort.TREE || node.kind == Node.Kind.EXTERNAL;
  }

  /** Runs on a frame that holds the data; returns, per target, the node whose value it is. */
  int[] run(Frame frame) {
    Segment segment = first;
    while (true) {
      run(segment.stages(), frame);
      int[] conditions = segment.conditions();
      if (conditions.length == 0) {
        return segment.results();
      }
      segment = next(segment, outcomes(conditions, frame));
    }
  }

  /** Before the first pass that overwrites anything, all that it and later ones need is found. */
  private void run(List<Stage> stages, Frame frame) {
    boolean reserved = false;
    for (int k = 0; k < stages.size(); k++) {
      Stage stage = stages.get(k);
      stage.host(frame);
      if (stage.overwrites() && !reserved) {
        reserved = true;
        for (int later = k; later < stages.size(); later++) {
          stages.get(later).reserve(frame, graph);
        }
      }
      stage.pass(frame, graph);
    }
  }

  /** The stages that a run on this frame went through. */
  List<Stage> path(Frame frame) {
    List<Stage> path = new ArrayList<>();
    Segment segment = first;
    while (segment != null) {
      path.addAll(segment.stages());
      segment =
          segment.conditions().length == 0
              ? null
              : segment.next().get(outcomes(segment.conditions(), frame));
    }
    return path;
  }

  private static long outcomes(int[] conditions, Frame frame) {
    long outcomes = 0;
    for (int i = 0; i < conditions.length; i++) {
      outcomes |= frame.values[conditions[i]] != 0 ? 1L << i : 0;
    }
    return outcomes;
  }

  private Segment next(Segment segment, long outcomes) {
    Segment found = segment.next().get(outcomes);
    if (found != null) {
      return found;
    }
    Decisions decisions = segment.decisions().with(segment.conditions(), outcomes, segment.known());
    Segment compiled = compile(decisions);
    segment.next().put(outcomes, compiled);
    return compiled;
  }
}
