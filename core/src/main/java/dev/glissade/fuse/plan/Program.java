package dev.glissade.fuse.plan;

import dev.glissade.fuse.graph.Graph;
import dev.glissade.fuse.graph.Node;
import dev.glissade.fuse.kernel.Kernel;
import dev.glissade.fuse.tape.Tape;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * The compiled form of all graphs of one structure: a tree of segments, each compiled when a run
 * first reaches it. Otherwise immutable, and shared.
 */
public final class Program {
  private final Graph graph;
  private final Function<Tape, Kernel> kernels;
  private final Segment first;

  public Program(Graph graph, Function<Tape, Kernel> kernels) {
    this.graph = graph.withoutData();
    this.kernels = kernels;
    this.first = compile(new Decisions(this.graph));
  }

  /**
   * A straight-line part of a program. It computes the conditions of the choices that it reaches;
   * their outcomes select the next segment. The last segment reaches none and stores the targets.
   */
  public static final class Segment {
    private final Decisions decisions;
    private final List<Stage> stages;
    private final int[] conditions;
    private final int[] results;
    private final int[] sources;
    private final int[] spares;

    /** The nodes that later segments find computed. */
    private final BitSet known;

    /** The segments that runs have reached, by outcomes. */
    private final Map<Long, Segment> next = new ConcurrentHashMap<>();

    private Segment(
        Decisions decisions,
        List<Stage> stages,
        int[] conditions,
        int[] results,
        Exchange exchange,
        BitSet known) {
      this.decisions = decisions;
      this.stages = stages;
      this.conditions = conditions;
      this.results = results;
      this.sources = exchange.sources();
      this.spares = exchange.spares();
      this.known = known;
    }

    public List<Stage> stages() {
      return stages;
    }

    /** Returns the scalars that select the next segment; the last segment has none. */
    public int[] conditions() {
      return conditions;
    }

    /** Returns the node of each target. */
    public int[] results() {
      return results;
    }

    /** Returns the input whose planes each target takes after the run; -1 for its own planes. */
    public int[] sources() {
      return sources;
    }

    /** Returns the targets that are stored in spare planes. */
    public int[] spares() {
      return spares;
    }
  }

  public Segment first() {
    return first;
  }

  /** Returns the next segment; bit i of the outcomes is set if condition i is true. */
  public Segment next(Segment segment, long outcomes) {
    Segment found = segment.next.get(outcomes);
    if (found == null) {
      found = compile(segment.decisions.with(segment.conditions, outcomes, segment.known));
      segment.next.put(outcomes, found);
    }
    return found;
  }

  private Segment compile(Decisions decisions) {
    Set<Integer> roots = new LinkedHashSet<>();
    graph.targets().forEach(target -> roots.add(graph.id(target.node())));
    int[] conditions = decisions.frontier(roots);
    boolean last = conditions.length == 0;
    List<Integer> goals = last ? List.copyOf(roots) : Arrays.stream(conditions).boxed().toList();
    Levels levels = new Levels(graph, decisions, goals);
    List<Integer> targets =
        last ? IntStream.range(0, graph.targets().size()).boxed().toList() : List.of();
    Exchange exchange = new Exchange(graph, decisions);
    List<Stage> stages =
        new StageBuilder(graph, decisions, levels, kernels, exchange.sources(), targets).build();
    int[] results =
        graph.targets().stream()
            .mapToInt(target -> decisions.resolve(graph.id(target.node())))
            .toArray();
    BitSet known = known(decisions, levels.needed(), stages);
    return new Segment(decisions, stages, conditions, results, exchange, known);
  }

  private BitSet known(Decisions decisions, BitSet needed, List<Stage> stages) {
    BitSet known = (BitSet) decisions.known.clone();
    needed.stream().filter(id -> isKept(graph.node(id))).forEach(known::set);
    Map<Integer, Integer> holders = new HashMap<>();
    for (Stage stage : stages) {
      for (int i = 0; i < stage.temporaries().length; i++) {
        holders.put(stage.slots()[i], stage.temporaries()[i]);
      }
    }
    holders.values().forEach(known::set);
    return known;
  }

  private static boolean isKept(Node node) {
    return node.sort() != Node.Sort.TREE || node.kind().isKept();
  }
}
