package dev.glissade.fuse;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A program bound to data: planes, numbers, keys and functions of the nodes that it was prepared
 * from. It can run again after {@code bind} has changed some of them. Not for use by two threads at
 * once.
 */
public final class Execution {
  private final Graph graph;
  private final Program program;
  private final Frame frame;
  private final double[] values;
  private final long[] keys;
  private final boolean calls;

  Execution(Graph graph, Program program) {
    this.graph = graph;
    this.program = program;
    this.frame = new Frame(graph.nodes.size(), graph.targets.size());
    this.values = new double[graph.targets.size()];
    this.keys = new long[graph.targets.size()];
    this.calls = graph.nodes.stream().anyMatch(node -> node.kind == Node.Kind.EXTERNAL);
    for (int id = 0; id < graph.nodes.size(); id++) {
      Node node = graph.nodes.get(id);
      switch (node.kind) {
        case INPUT -> frame.planes[id] = node.planes();
        case CONSTANT -> frame.values[id] = node.value();
        case KEY -> frame.keys[id] = node.keyValue();
        case MAP, EXTERNAL -> frame.functions[id] = node.data();
        default -> {}
      }
    }
  }

  /** Gives an input other planes of the same layout. */
  public void bind(Node input, Plane[] planes) {
    frame.planes[graph.id(input)] = planes;
  }

  /** Gives a constant another value. */
  public void bind(Node constant, double value) {
    frame.values[graph.id(constant)] = value;
  }

  /** Gives a key another value. */
  public void bind(Node key, long value) {
    frame.keys[graph.id(key)] = value;
  }

  /** Sets how many threads may work on a large pass; the results are the same. */
  public void threads(int threads) {
    frame.threads = threads;
  }

  /** Whether any target depends on the node. */
  public boolean uses(Node node) {
    return graph.holds(node);
  }

  /** Whether any target depends on a foreign function of trees. */
  public boolean calls() {
    return calls;
  }

  /** Computes all targets; those over an input replace its content, the others get new planes. */
  public void run() {
    frame.storing = false;
    for (int t = 0; t < graph.targets.size(); t++) {
      Target target = graph.targets.get(t);
      Node inPlace = target.inPlace();
      if (inPlace != null) {
        frame.results[t] = frame.planes[graph.id(inPlace)];
      } else if (target.layout() != null) {
        frame.results[t] = target.layout().allocate();
      }
    }
    int[] results = program.run(frame);
    frame.storing = false;
    for (int t = 0; t < results.length; t++) {
      values[t] = frame.values[results[t]];
      keys[t] = frame.keys[results[t]];
    }
  }

  /** Whether the last run ended by an exception after it had begun to store over inputs. */
  public boolean brokeOff() {
    return frame.storing;
  }

  /**
   * Makes the results of the last run the data of the next: the value of target {@code first + i}
   * becomes that of the node {@code i}, where it is a constant or a key.
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

  /**
   * The passes of the last run that touched memory.
   *
   * @param inputs names of inputs
   */
  public List<PassPlan> plan(Map<Node, String> inputs) {
    List<String> nodes = new ArrayList<>();
    for (Node node : graph.nodes) {
      nodes.add(inputs.getOrDefault(node, "a temporary"));
    }
    List<String> targets = new ArrayList<>();
    for (int t = 0; t < graph.targets.size(); t++) {
      targets.add("result " + t);
    }
    return program.path(frame).stream()
        .map(stage -> PassPlan.of(stage, frame.sweep(stage).how(), nodes, targets))
        .filter(pass -> pass.loops() > 0)
        .toList();
  }

  /** The planes of a tree target after a run. */
  public Plane[] planes(int target) {
    Plane[] planes = frame.results[target];
    if (planes == null) {
      throw new IllegalStateException("target " + target + " is no tree");
    }
    return planes;
  }

  /** The value of a scalar target after a run. */
  public double value(int target) {
    return values[target];
  }

  /** The value of a key target after a run. */
  public long key(int target) {
    return keys[target];
  }
}
