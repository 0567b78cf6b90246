package dev.glissade.tensorflow;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
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
  private final Map<GraphVariable, VariableMemory> memories = new HashMap<>();

  /** The places in {@link #graph} of what is trained. */
  private List<Integer> trained = List.of();

  private List<String> names = List.of();
  private AddressRanges ranges = new AddressRanges(List.of());
  private boolean sharing = true;

  /** Memory where variables no longer are, but the stepper's parameters still may be. */
  private final List<VariableMemory> outdated = new ArrayList<>();

  private boolean closed;

  GraphRuns(Session session, LossGradients graph) {
    this.session = session;
    this.graph = graph;
    train(name -> true);
  }

  /** Sets what to train, by name. */
  void train(Predicate<String> names) {
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

  /** Requires that the loss depends on a variable whose name is accepted. */
  void requireAny(Predicate<String> names) {
    List<String> known = graph.variables().stream().map(GraphVariable::name).toList();
    if (known.stream().noneMatch(names)) {
      throw new IllegalArgumentException(
          "freeze must match a variable that the loss depends on, but matched none of %s: call"
                  .formatted(known)
              + " freeze() to thaw all");
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
      VariableMemory memory = memories.get(graph.variables().get(i));
      if (memory != null) {
        variables.add(memory);
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

  /** Steps all variables in copies from now on, as if no memory were shared. */
  void copyAll() {
    sharing = false;
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
      VariableMemory memory = memories.get(variable);
      Tensor value = fetched.get(place);
      if (memory != null && memory.accepts(value)) {
        continue;
      }
      if (sharing && SharedMemory.isShared(session, variable, value)) {
        // Fetched once more, for a tensor that stays open when the others are closed.
        Tensor kept = session.runner().fetch(variable.read()).run().get(0);
        memories.put(variable, SharedMemory.of(variable, kept));
      } else {
        memories.put(variable, new CopiedMemory(variable, value));
      }
      if (memory != null) {
        outdated.add(memory);
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
    try {
      return Fetched.by(runner, outputs);
    } catch (TFFailedPreconditionException e) {
      String message = String.valueOf(e.getMessage());
      if (message.contains("uninitialized") || message.contains("Could not find variable")) {
        throw new IllegalStateException(
            "the variables must be initialized before a step: call session.initialize or restore",
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
    for (VariableMemory memory : memories.values()) {
      if (memory instanceof CopiedMemory copied && copied.assignIn(runner)) {
        assigned.add(copied);
      }
    }
    if (!assigned.isEmpty()) {
      runner.run().close();
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
