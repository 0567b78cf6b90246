package dev.glissade.tensorflow;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.tensorflow.Output;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.exceptions.TFFailedPreconditionException;

/**
 * Runs a graph for its loss, its gradients and the values of its variables, after it has assigned
 * what a step has changed.
 */
final class GraphRuns {

  private final Session session;
  private final LossGradients graph;
  private final VariableMemory.Choice memory;
  private final Map<GraphVariable, VariableMemory> memories = new HashMap<>();

  /** The places in {@link #graph} of what is trained. */
  private List<Integer> trained = List.of();

  private List<String> names = List.of();
  private AddressRanges ranges = new AddressRanges(List.of());

  /** Memory where variables no longer are, but the stepper's parameters still may be. */
  private final List<VariableMemory> outdated = new ArrayList<>();

  private boolean closed;

  /**
   * Creates runs that train all variables.
   *
   * @param memory chooses where the numbers of each are stepped
   */
  GraphRuns(Session session, LossGradients graph, VariableMemory.Choice memory) {
    this.session = session;
    this.graph = graph;
    this.memory = memory;
    thaw();
  }

  /** Trains all variables. */
  void thaw() {
    train(name -> true);
  }

  /** Trains all variables but those of some names, which must match one. */
  void freeze(Predicate<String> frozen) {
    List<String> all = graph.variables().stream().map(GraphVariable::name).toList();
    if (all.stream().noneMatch(frozen)) {
      throw new IllegalArgumentException(
          "freeze must match a variable that the loss depends on, but matched none of %s: call"
                  .formatted(all)
              + " freeze() to thaw all");
    }
    train(frozen.negate());
  }

  private void train(Predicate<String> names) {
    List<Integer> places = new ArrayList<>();
    for (int i = 0; i < graph.variables().size(); i++) {
      if (names.test(graph.variables().get(i).name())) {
        places.add(i);
      }
    }
    if (places.isEmpty()) {
      throw new IllegalArgumentException(
          "the loss must depend on a variable that is not frozen, but all %d were"
              .formatted(graph.variables().size()));
    }
    this.trained = places;
    this.names = places.stream().map(i -> graph.variables().get(i).name()).toList();
  }

  /** Requires that the loss depends on variables of these names. */
  void requireKnown(Set<String> asked) {
    List<String> known = graph.variables().stream().map(GraphVariable::name).toList();
    for (String name : asked) {
      if (!known.contains(name)) {
        throw new IllegalArgumentException(
            "freeze must be given variables that the loss depends on, but was given \"%s\"; they are %s"
                .formatted(name, known));
      }
    }
  }

  /** Returns the loss and the gradients of a batch; the caller closes them. */
  GradientRun gradients(Consumer<Session.Runner> batch) {
    return gradients(batch, false);
  }

  /** The same; takes note of what the variables are, for {@link #variables}. */
  GradientRun gradientsAndVariables(Consumer<Session.Runner> batch) {
    return gradients(batch, true);
  }

  private GradientRun gradients(Consumer<Session.Runner> batch, boolean withVariables) {
    List<Output<?>> outputs = new ArrayList<>();
    trained.forEach(i -> outputs.add(graph.gradients().get(i)));
    outputs.add(graph.loss());
    if (withVariables) {
      outputs.addAll(reads());
    }
    Fetched fetched = run(batch, outputs);
    try {
      int count = trained.size();
      if (withVariables) {
        accept(fetched.tensors(count + 1, outputs.size()));
      }
      double loss = loss(fetched.get(count));
      return GradientRun.of(loss, names, fetched, ranges);
    } catch (RuntimeException e) {
      fetched.close();
      throw e;
    }
  }

  /** Returns the loss of a batch. */
  double loss(Consumer<Session.Runner> batch) {
    try (Fetched fetched = run(batch, List.of(graph.loss()))) {
      return loss(fetched.get(0));
    }
  }

  private static double loss(Tensor loss) {
    if (loss.shape().size() != 1) {
      throw new IllegalArgumentException(
          "the loss must be a scalar, but had shape %s: take the mean".formatted(loss.shape()));
    }
    return TensorMemory.wrap("the loss", loss).get(0);
  }

  private List<Output<?>> reads() {
    List<Output<?>> reads = new ArrayList<>();
    trained.forEach(i -> reads.add(graph.variables().get(i).read()));
    return reads;
  }

  /** Returns the trained variables as they were at the last call that asked the session. */
  List<VariableMemory> variables() {
    List<VariableMemory> variables = new ArrayList<>();
    trained.forEach(i -> {
      VariableMemory known = memories.get(graph.variables().get(i));
      if (known != null) {
        variables.add(known);
      }
    });
    return variables;
  }

  /** Asks the session for the trained variables. */
  List<VariableMemory> variablesNow() {
    List<Output<?>> reads = reads();
    try (Fetched fetched = run(runner -> {}, reads)) {
      accept(fetched.tensors(0, reads.size()));
      return variables();
    }
  }

  /** Closes the memory where variables no longer are; nobody must use it any more. */
  void closeOutdated() {
    outdated.forEach(VariableMemory::close);
    outdated.clear();
  }

  /** Takes note of the variables' values. */
  private void accept(List<Tensor> fetched) {
    for (int place = 0; place < trained.size(); place++) {
      GraphVariable variable = graph.variables().get(trained.get(place));
      VariableMemory before = memories.get(variable);
      Tensor value = fetched.get(place);
      if (before != null && before.accepts(value)) {
        continue;
      }
      memories.put(variable, memory.of(session, variable, value));
      if (before != null) {
        outdated.add(before);
      }
    }
    List<VariableMemory> now = variables();
    if (!ranges.areOf(now)) {
      ranges = new AddressRanges(now);
    }
  }

  /** Runs a batch, and fetches outputs. */
  private Fetched run(Consumer<Session.Runner> batch, List<Output<?>> outputs) {
    assign();
    Session.Runner runner = session.runner();
    batch.accept(runner);
    return inOpenSession(() -> Fetched.by(runner, outputs));
  }

  /** Runs the session; says what to do if it lacks something. */
  private static <T> T inOpenSession(Supplier<T> run) {
    try {
      return run.get();
    } catch (TFFailedPreconditionException e) {
      String message = String.valueOf(e.getMessage());
      if (message.contains("uninitialized") || message.contains("Could not find variable")) {
        throw new IllegalStateException(
            "the variables must be initialized before a step: call session.initialize or restore",
            e);
      }
      throw e;
    } catch (IllegalStateException e) {
      if (String.valueOf(e.getMessage()).contains("close()")) {
        throw new IllegalStateException(
            "the session must be open, but it or its graph was closed: close the GraphStepper, and"
                + " make another one of a new session",
            e);
      }
      throw e;
    }
  }

  /** Assigns the values that have changed to variables whose memory is not shared. */
  void assign() {
    requireOpen();
    Session.Runner runner = session.runner();
    List<CopiedMemory> assigned = new ArrayList<>();
    for (VariableMemory each : memories.values()) {
      if (each instanceof CopiedMemory copied && copied.assignIn(runner)) {
        assigned.add(copied);
      }
    }
    if (!assigned.isEmpty()) {
      inOpenSession(runner::run).close();
      assigned.forEach(CopiedMemory::hasAssigned);
    }
  }

  void requireOpen() {
    if (closed) {
      throw new IllegalStateException("a GraphStepper must not be used after close");
    }
  }

  void close() {
    if (!closed) {
      closed = true;
      memories.values().forEach(VariableMemory::close);
      closeOutdated();
    }
  }
}
