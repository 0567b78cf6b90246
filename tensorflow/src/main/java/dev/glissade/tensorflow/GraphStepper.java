package dev.glissade.tensorflow;

import static java.util.Objects.requireNonNull;

import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.NonFinite;
import dev.glissade.Tree;
import dev.glissade.checkpoint.Checkpoint;
import dev.glissade.checkpoint.CheckpointException;
import dev.glissade.host.MissingExtras;
import dev.glissade.host.ModelStepper;
import dev.glissade.host.TrainerState;
import dev.glissade.transform.WeightLayout;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.tensorflow.Operand;
import org.tensorflow.Session;

/**
 * Minimizes a loss of a TensorFlow graph with any Glissade optimizer: {@code
 * GraphStepper.of(session, loss, Contrib.prodigy())} replaces {@code new
 * Adam(graph).minimize(loss)}, and {@code stepper.step(batch -> batch.feed(x, images).feed(y,
 * labels))} replaces the run of the operation that it returned.
 *
 * <p>A step runs the graph for the loss and its gradients, and updates the variables that the loss
 * depends on: reference variables ({@code tf.variable}), which are what TensorFlow-Java's own
 * optimizers know, and resource variables ({@code tf.varHandleOp}). Variables have the names of
 * their operations. They are float32, float64, float16 or bfloat16.
 *
 * <p>The gradients are read where TensorFlow computes them. A reference variable in the memory of
 * the CPU is updated there; the stepper tries out, at the first step, whether the session shares
 * that memory, and checks at each step that the variable is still there. So, as with TensorFlow's
 * own optimizers, a tensor that you fetched for a reference variable changes with it: copy what you
 * want to keep. Other variables are updated in memory of the stepper's own and then assigned.
 * Between two steps you may assign to variables, restore them or freeze them; those that stay keep
 * their state.
 *
 * <p>If the optimizer asks for more gradients (SAM in opaque mode) or for losses along a line
 * (L-BFGS and other line searches), the step runs the graph again with the same batch.
 *
 * <p>If a step throws, variables and state are as they were before it, except for what the graph
 * itself assigns. Calls from several threads run one after the other.
 */
public final class GraphStepper implements AutoCloseable {
  private static final MissingExtras MISSING =
      new MissingExtras(
          "call step(batch, Extras.NONE.withValue(...))",
          "call step(batch, Extras.NONE.withGradientFunction(...))",
          "call step(batch, Extras.NONE.withLossFunction(...))",
          "call step(batch, Extras.NONE.%s)");

  private final ModelStepper<?> stepper;
  private final GraphRuns runs;
  private final GraphSteps steps;

  /** Creates a stepper of variables that this memory has. */
  GraphStepper(
      Session session,
      LossGradients gradients,
      GradientTransformation<?> optimizer,
      VariableMemory.Choice memory) {
    this.runs = new GraphRuns(session, gradients, memory);
    this.stepper = ModelStepper.of(optimizer, WeightLayout.IN_OUT);
    stepper.zeroGradients(false); // each run computes new ones
    stepper.missing(MISSING);
    this.steps = new GraphSteps(stepper, runs);
  }

  /**
   * Returns a stepper of all variables that a loss depends on. Adds their gradients to the graph.
   *
   * @param session a session of the loss's graph
   * @param loss a scalar, such as the mean over a batch
   * @param optimizer any optimizer
   * @return the stepper
   * @throws IllegalArgumentException if the loss is not a scalar of the session's graph or depends
   *     on no variable, or two variables are one and the same in the session
   */
  public static GraphStepper of(
      Session session, Operand<?> loss, GradientTransformation<?> optimizer) {
    requireNonNull(session, "session must not be null");
    requireNonNull(loss, "loss must not be null");
    requireNonNull(optimizer, "optimizer must not be null");
    LossGradients gradients = LossGradients.of(session.graph(), loss);
    return new GraphStepper(session, gradients, optimizer, VariableMemory::of);
  }

  /**
   * Returns a stepper that takes gradients of your own, as {@code applyGradients} of TensorFlow's
   * optimizers does.
   *
   * @param session a session of the loss's graph
   * @param loss a scalar
   * @param gradients the gradient of each variable to train
   * @param optimizer any optimizer
   * @return the stepper
   * @throws IllegalArgumentException if the loss is not a scalar of the session's graph, a key is
   *     not a variable, there is none, or two variables are one and the same in the session
   */
  public static GraphStepper of(
      Session session,
      Operand<?> loss,
      Map<? extends Operand<?>, ? extends Operand<?>> gradients,
      GradientTransformation<?> optimizer) {
    requireNonNull(session, "session must not be null");
    requireNonNull(loss, "loss must not be null");
    requireNonNull(gradients, "gradients must not be null");
    requireNonNull(optimizer, "optimizer must not be null");
    LossGradients own = LossGradients.of(session.graph(), loss, gradients);
    return new GraphStepper(session, own, optimizer, VariableMemory::of);
  }

  /**
   * Sets which variables no longer change, from now on. Their gradients are not computed. A
   * variable that a later call thaws starts with a new state.
   *
   * @param names whether to freeze a variable of this name; by default none
   * @return this
   * @throws IllegalArgumentException if it matches no variable, or no variable would be left
   */
  public synchronized GraphStepper freeze(Predicate<String> names) {
    requireNonNull(names, "names must not be null");
    showStepped();
    runs.freeze(names);
    return this;
  }

  /**
   * Sets which variables no longer change, as {@link #freeze(Predicate)} does.
   *
   * @param variables the variables to freeze; none to thaw all
   * @return this
   * @throws IllegalArgumentException if no variable would be left, or the loss depends on no such
   *     variable
   */
  public GraphStepper freeze(Operand<?>... variables) {
    Set<String> names =
        Arrays.stream(variables)
            .map(variable -> requireNonNull(variable, "variables must not have null"))
            .map(variable -> variable.asOutput().op().name())
            .collect(Collectors.toSet());
    runs.requireKnown(names);
    return names.isEmpty() ? thaw() : freeze(names::contains);
  }

  private synchronized GraphStepper thaw() {
    showStepped();
    runs.thaw();
    return this;
  }

  /**
   * Sets how many threads work on large variables; see {@link dev.glissade.Stepper#threads}.
   *
   * @param threads the number of threads, at least 1
   * @return this
   */
  public synchronized GraphStepper threads(int threads) {
    stepper.threads(threads);
    return this;
  }

  /**
   * Sets what to do with gradients that are not finite; see {@link dev.glissade.Stepper#nonFinite}.
   *
   * @param policy the policy, by default {@link NonFinite#ALLOW}
   * @return this
   */
  public synchronized GraphStepper nonFinite(NonFinite policy) {
    stepper.nonFinite(requireNonNull(policy, "policy must not be null"));
    return this;
  }

  /**
   * Takes a step on a batch.
   *
   * @param batch feeds the batch to a run of the session: {@code run -> run.feed(x, images)}. It is
   *     called for each run. It may also add targets, such as updates of statistics, but must not
   *     fetch
   * @return the loss before the step
   * @throws IllegalArgumentException if the optimizer needs an extra argument that is missing or
   *     takes per-example gradients, or a variable has another type than those above
   * @throws IllegalStateException if a variable is not initialized
   * @throws dev.glissade.NonFiniteException if a number is not finite and {@link #nonFinite} does
   *     not allow it
   */
  public double step(Consumer<Session.Runner> batch) {
    return step(batch, Extras.NONE);
  }

  /**
   * Takes a step on a batch, with extra arguments.
   *
   * @param batch feeds the batch, as in {@link #step(Consumer)}
   * @param extras the arguments; the stepper adds the loss, the gradient function and the loss
   *     function if they are not there
   * @return the loss before the step
   * @throws IllegalArgumentException as {@link #step(Consumer)}
   * @throws IllegalStateException if a variable is not initialized
   * @throws dev.glissade.NonFiniteException if a number is not finite and {@link #nonFinite} does
   *     not allow it
   */
  public double step(Consumer<Session.Runner> batch, Extras extras) {
    requireNonNull(batch, "batch must not be null");
    if (stepper.optimizer().perExample()) {
      throw new IllegalArgumentException(
          "an optimizer of per-example gradients must have a list of examples, but had one batch:"
              + " pass a list that feeds one example in each run");
    }
    return step(List.of(batch), extras);
  }

  /**
   * Takes a step on the mean of the gradients of several batches, as if they were one, if they have
   * the same size and the loss is a mean. An optimizer of per-example gradients (DP-SGD) takes them
   * as one example each.
   *
   * @param batches feed the batches, each in a run of its own
   * @return the mean loss before the step
   * @throws IllegalArgumentException if the list is empty, the optimizer needs an extra argument
   *     that is missing, or a variable has another type than those above
   * @throws IllegalStateException if a variable is not initialized
   * @throws dev.glissade.NonFiniteException if a number is not finite and {@link #nonFinite} does
   *     not allow it
   */
  public double step(List<? extends Consumer<Session.Runner>> batches) {
    return step(batches, Extras.NONE);
  }

  /**
   * Takes a step on several batches, with extra arguments.
   *
   * @param batches feed the batches, as in {@link #step(List)}
   * @param extras the arguments, as in {@link #step(Consumer, Extras)}
   * @return the mean loss before the step
   * @throws IllegalArgumentException as {@link #step(List)}
   * @throws IllegalStateException if a variable is not initialized
   * @throws dev.glissade.NonFiniteException if a number is not finite and {@link #nonFinite} does
   *     not allow it
   */
  public synchronized double step(List<? extends Consumer<Session.Runner>> batches, Extras extras) {
    requireNonNull(batches, "batches must not be null");
    requireNonNull(extras, "extras must not be null");
    if (batches.isEmpty()) {
      throw new IllegalArgumentException("a step must have at least one batch, but had none");
    }
    for (int i = 0; i < batches.size(); i++) {
      requireNonNull(batches.get(i), "batches must not have null");
    }
    return steps.step(batches, extras);
  }

  /** {@return how many steps were taken or skipped, including those before a checkpoint} */
  public synchronized long steps() {
    return stepper.steps();
  }

  /**
   * Returns what the optimizer has learned so far.
   *
   * @return by name: "d" of Prodigy and D-Adaptation, "s" of Mechanic, and "skipped", the number of
   *     skipped steps, as far as the optimizer has them
   */
  public synchronized Map<String, Double> estimates() {
    return stepper.estimates();
  }

  /**
   * Puts the optimizer's parameters to evaluate and to save into the session, until the next step
   * or {@link #showStepped}; see {@link GradientTransformation#evalParams}. Other changes of the
   * variables in that time are lost. For most optimizers, and before the first step, they are the
   * session's own.
   */
  public synchronized void showEvalParams() {
    runs.requireOpen();
    stepper.showEvalParams(runs.variablesNow());
    runs.assign();
  }

  /** Puts the stepped parameters back into the session, as each step does first. */
  public synchronized void showStepped() {
    runs.requireOpen();
    stepper.showStepped();
    runs.assign();
  }

  /**
   * Returns a checkpoint of the trained variables, the optimizer's state and the number of steps.
   * Save it beside {@code session.save}, which has all variables but not the optimizer's state.
   *
   * @return the checkpoint, with the optimizer's own state: save it before the next step
   * @throws IllegalStateException if a variable is not initialized
   */
  public synchronized Checkpoint checkpoint() {
    return new TrainerState(stepper.skipped(), 1, 0)
        .addTo(stepper.checkpoint(runs.variablesNow()), Tree::empty);
  }

  /**
   * Continues from a checkpoint of the same optimizer. Overwrites the trained variables, which must
   * be initialized. Other variables are in TensorFlow's own file: restore it first.
   *
   * @param checkpoint what {@link #checkpoint} returned
   * @throws CheckpointException if the checkpoint has another optimizer or other variables; then
   *     nothing has changed
   * @throws IllegalStateException if a variable is not initialized
   */
  public synchronized void resume(Checkpoint checkpoint) throws CheckpointException {
    requireNonNull(checkpoint, "checkpoint must not be null");
    showStepped();
    TrainerState saved = TrainerState.of(checkpoint);
    stepper.resume(runs.variablesNow(), checkpoint, saved.skipped());
    runs.assign();
  }

  /**
   * Gives memory back to TensorFlow. The variables stay as they are, also while parameters to
   * evaluate are in the session: to keep the stepped ones, call {@link #showStepped} first. The
   * stepper must not be used again.
   */
  @Override
  public synchronized void close() {
    runs.close();
  }
}
