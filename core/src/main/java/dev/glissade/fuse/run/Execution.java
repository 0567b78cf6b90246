package dev.glissade.fuse.run;

import dev.glissade.fuse.graph.Graph;
import dev.glissade.fuse.graph.Node;
import dev.glissade.fuse.graph.Target;
import dev.glissade.fuse.memory.Plane;
import dev.glissade.fuse.plan.HostStep;
import dev.glissade.fuse.plan.Program;
import dev.glissade.fuse.plan.Program.Segment;
import dev.glissade.fuse.plan.Stage;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * A program bound to data: the planes, numbers, keys and functions of the nodes that it was
 * prepared from. It can run repeatedly, with data that {@code bind} replaces in between. Not
 * thread-safe.
 */
public final class Execution {
  private final Graph graph;
  private final Program program;
  private final Frame frame;

  /** The runner of each stage's pass, created when a run first reaches the stage. */
  private final IdentityHashMap<Stage, PassRunner> passes = new IdentityHashMap<>();

  /** The scalar and key results of the last run, by target. */
  private final double[] values;

  private final long[] keys;
  private final boolean calls;

  Execution(Graph graph, Program program) {
    this.graph = graph;
    this.program = program;
    this.frame = new Frame(graph);
    this.values = new double[graph.targets().size()];
    this.keys = new long[values.length];
    this.calls = graph.nodes().stream().anyMatch(node -> node.kind() == Node.Kind.CALLBACK);
  }

  /** Binds an input to other planes of the same layout. */
  public void bind(Node input, Plane[] planes) {
    frame.planes[graph.id(input)] = planes;
  }

  /** Binds a constant to another value. */
  public void bind(Node constant, double value) {
    frame.values[graph.id(constant)] = value;
  }

  /** Binds a key to another value. */
  public void bind(Node key, long value) {
    frame.keys[graph.id(key)] = value;
  }

  /** Sets the number of threads of a large pass, which does not affect the results. */
  public void threads(int threads) {
    frame.threads = threads;
  }

  /** Returns whether a target depends on the node. */
  public boolean uses(Node node) {
    return graph.holds(node);
  }

  /** Returns whether a target depends on a callback. */
  public boolean calls() {
    return calls;
  }

  /** Computes all targets: overwrites inputs in place, and allocates planes for other trees. */
  public void run() {
    frame.storing = false;
    frame.prepareResults(graph);
    Segment segment = program.first();
    while (segment.conditions().length > 0) {
      run(segment.stages());
      segment = program.next(segment, outcomes(segment));
    }
    frame.prepareSpares(segment.spares());
    run(segment.stages());
    frame.exchange(segment.sources());
    frame.storing = false;
    int[] results = segment.results();
    for (int t = 0; t < results.length; t++) {
      values[t] = frame.values[results[t]];
      keys[t] = frame.keys[results[t]];
    }
  }

  private void run(List<Stage> stages) {
    boolean reserved = false;
    for (int k = 0; k < stages.size(); k++) {
      Stage stage = stages.get(k);
      for (HostStep step : stage.host()) {
        HostInterpreter.run(step, frame);
      }
      if (stage.overwrites() && !reserved) {
        reserve(stages, k);
        reserved = true;
      }
      pass(stage);
    }
  }

  /** Allocates what this and later passes need, before the first one that overwrites inputs. */
  private void reserve(List<Stage> stages, int from) {
    for (int k = from; k < stages.size(); k++) {
      allocateTemporaries(stages.get(k));
      runner(stages.get(k)).reserve(frame);
    }
  }

  private void pass(Stage stage) {
    allocateTemporaries(stage);
    for (int id : stage.reduced()) {
      frame.values[id] = 0;
    }
    for (int id : stage.small()) {
      frame.beginSmall(id);
    }
    if (stage.loops().length > 0) {
      runner(stage).run(frame, stage.overwrites());
    }
    for (int id : stage.reduced()) {
      frame.values[id] = graph.node(id).reduction().result(frame.values[id]);
    }
    for (int id : stage.small()) {
      frame.endSmall(id);
    }
  }

  private void allocateTemporaries(Stage stage) {
    for (int i = 0; i < stage.temporaries().length; i++) {
      frame.allocateTemporary(stage.temporaries()[i], stage.slots()[i]);
    }
    for (int id : stage.small()) {
      frame.allocateSmall(id);
    }
  }

  private PassRunner runner(Stage stage) {
    return passes.computeIfAbsent(stage, key -> new PassRunner(key.loops()));
  }

  private long outcomes(Segment segment) {
    int[] conditions = segment.conditions();
    long outcomes = 0;
    for (int i = 0; i < conditions.length; i++) {
      outcomes |= frame.values[conditions[i]] != 0 ? 1L << i : 0;
    }
    return outcomes;
  }

  /** Returns whether the last run threw while it was overwriting inputs. */
  public boolean brokeOff() {
    return frame.storing;
  }

  /**
   * Carries results of the last run over to the next run: binds node {@code i}, if it is a constant
   * or a key, to the value of target {@code first + i}.
   */
  public void carryValues(List<Node> nodes, int first) {
    for (int i = 0; i < nodes.size(); i++) {
      Node node = nodes.get(i);
      if (node.isConstant() && graph.holds(node)) {
        frame.values[graph.id(node)] = values[first + i];
        frame.keys[graph.id(node)] = keys[first + i];
      }
    }
  }

  public Graph graph() {
    return graph;
  }

  /** Returns the stages of the last run. */
  public List<Stage> stages() {
    List<Stage> stages = new ArrayList<>();
    Segment segment = program.first();
    while (segment != null) {
      stages.addAll(segment.stages());
      boolean last = segment.conditions().length == 0;
      segment = last ? null : program.next(segment, outcomes(segment));
    }
    return stages;
  }

  /**
   * Returns the passes of the last run that touched memory.
   *
   * @param inputs the names of inputs
   */
  public List<PassReport> report(Map<Node, String> inputs) {
    List<String> names = new ArrayList<>();
    for (Node node : graph.nodes()) {
      names.add(inputs.getOrDefault(node, "a temporary"));
    }
    List<String> targets = new ArrayList<>();
    for (Target target : graph.targets()) {
      Node inPlace = target.inPlace();
      targets.add(inPlace == null ? "result " + targets.size() : names.get(graph.id(inPlace)));
    }
    return stages().stream()
        .filter(stage -> stage.loops().length > 0)
        .map(stage -> PassReport.of(stage, runner(stage).kernels(), names, targets))
        .toList();
  }

  /** Returns the planes of a tree target after a run. */
  public Plane[] planes(int target) {
    return frame.result(target);
  }

  /** Returns the value of a scalar target after a run. */
  public double value(int target) {
    return values[target];
  }

  /** Returns the value of a key target after a run. */
  public long key(int target) {
    return keys[target];
  }
}
