package dev.glissade.host;

import dev.glissade.Extras;
import dev.glissade.Extras.MissingExtraException;
import dev.glissade.GradientTransformation;
import dev.glissade.NonFinite;
import dev.glissade.NonFiniteException;
import dev.glissade.Stepper;
import dev.glissade.Tree;
import dev.glissade.ValueAndGradients;
import dev.glissade.checkpoint.Checkpoint;
import dev.glissade.checkpoint.CheckpointException;
import dev.glissade.records.Check;
import dev.glissade.transform.WeightLayout;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Steps a model's parameters where its framework keeps them, with the gradients that it computed.
 * Adapters to frameworks are made of it: they describe the {@linkplain HostParameter parameters}
 * and the {@linkplain HostGradients gradients} before each step, and this keeps the stepper, its
 * state, and what the framework's loop must not know of.
 *
 * <p>A parameter that is frozen, thawed, added or moved between two steps does not affect the
 * others: those of the same name and shape keep their state, a new one starts with a new state.
 *
 * @param <S> the optimizer's state
 */
public final class ModelStepper<S> {
  /** The name of {@link Extras#withGradientScale} among the arguments. */
  private static final String SCALE = "gradient_scale";

  private final GradientTransformation<S> optimizer;
  private int parts = 1;
  private boolean zeroing;
  private @Nullable Integer threads;
  private @Nullable NonFinite policy;
  private @Nullable MissingExtras missing;
  private @Nullable Running<S> running;
  private final ShownParams shown = new ShownParams();

  /** The number of steps of earlier steppers. */
  private long stepsBefore;

  /** The number of steps that earlier steppers skipped. */
  private long skippedBefore;

  /** A stepper and its parameters. */
  private record Running<S>(ParameterTree parameters, Stepper<S> stepper) {}

  private ModelStepper(GradientTransformation<S> optimizer) {
    this.optimizer = optimizer;
    this.zeroing = !optimizer.perExample();
  }

  /**
   * Returns a stepper without parameters yet.
   *
   * @param <S> the optimizer's state
   * @param optimizer an optimizer of any layout
   * @param layout how the framework keeps weights
   * @return the stepper
   */
  public static <S> ModelStepper<S> of(GradientTransformation<S> optimizer, WeightLayout layout) {
    Objects.requireNonNull(optimizer, "optimizer must not be null");
    return new ModelStepper<>(layout.appliedTo(optimizer));
  }

  /** {@return the optimizer, for weights of the framework's layout} */
  public GradientTransformation<S> optimizer() {
    return optimizer;
  }

  /**
   * Sets how many parts each gradient is a sum over; a step takes their mean.
   *
   * @param count the number of parts, by default 1
   */
  public void parts(int count) {
    parts = Check.atLeast("parts", 1, count);
  }

  /**
   * Sets whether a step sets the gradients to zero, in the pass that reads them.
   *
   * @param zero by default true, but never for an optimizer of per-example gradients
   */
  public void zeroGradients(boolean zero) {
    zeroing = zero && !optimizer.perExample();
    if (running != null) {
      running.stepper().zeroGradients(zeroing);
    }
  }

  /** Returns the arguments with the factor of the mean, besides one of the caller's. */
  private Extras mean(Extras extras) {
    double factor = extras.has(SCALE) ? extras.scalar(SCALE).value() : 1;
    return extras.withGradientScale(factor / parts);
  }

  /**
   * Computes the mean of gradients that are sums over the parts.
   *
   * @param sums the loss, and the sums
   * @return the same loss, and the mean
   */
  public ValueAndGradients mean(ValueAndGradients sums) {
    return parts == 1
        ? sums
        : new ValueAndGradients(sums.value(), sums.gradients().times(1.0 / parts).evaluate());
  }

  /**
   * Sets how many threads work on large parameters; see {@link Stepper#threads}.
   *
   * @param count the number of threads, at least 1
   */
  public void threads(int count) {
    threads = Check.atLeast("threads", 1, count);
    if (running != null) {
      running.stepper().threads(count);
    }
  }

  /**
   * Sets what to do with numbers that are not finite; see {@link Stepper#nonFinite}.
   *
   * @param what the policy, by default {@link NonFinite#ALLOW}
   */
  public void nonFinite(NonFinite what) {
    policy = Objects.requireNonNull(what, "policy must not be null");
    if (running != null) {
      running.stepper().nonFinite(what);
    }
  }

  /**
   * Sets what a step says if the optimizer asks for an extra argument that it was not given.
   *
   * @param advice what the adapter's user can do; by default what a user of the core can do
   */
  public void missing(MissingExtras advice) {
    missing = advice;
  }

  /**
   * Returns the parameters as a tree for {@link #step(ParameterTree, Tree, Extras)}; makes a new
   * one, and carries the state over, if the model has changed since the last call.
   *
   * @param described the parameters to train as the model has them now
   * @return the tree, with the parameters' numbers
   */
  public ParameterTree parameters(List<? extends HostParameter> described) {
    Running<S> now = running;
    if (now != null && now.parameters().isOf(described)) {
      now.parameters().load();
      return now.parameters();
    }
    ParameterTree tree = ParameterTree.of(described);
    tree.logCopied();
    start(
        tree,
        now == null
            ? optimizer.init(tree.tree())
            : CarriedState.of(
                optimizer, now.stepper().liveState(), now.parameters().tree(), tree.tree()));
    return tree;
  }

  private void start(ParameterTree tree, S state) {
    stepsBefore = steps();
    skippedBefore = skipped();
    Stepper<S> stepper = Stepper.resuming(optimizer, tree.tree(), state).zeroGradients(zeroing);
    if (threads != null) {
      stepper.threads(threads);
    }
    if (policy != null) {
      stepper.nonFinite(policy);
    }
    running = new Running<>(tree, stepper);
  }

  /**
   * Takes a step.
   *
   * @param parameters what {@link #parameters} returned last
   * @param gradients a tree of the same structure
   * @param extras the extra arguments
   * @throws RuntimeException as {@link #missing} says if the optimizer asks for others
   */
  public void step(ParameterTree parameters, Tree gradients, Extras extras) {
    Running<S> now = running;
    if (now == null || now.parameters() != parameters) {
      throw new IllegalStateException("the parameters must be those of the stepper");
    }
    try {
      now.stepper().step(gradients, parts == 1 ? extras : mean(extras));
    } catch (MissingExtraException e) {
      throw missing == null ? e : missing.error(e);
    }
    parameters.store();
  }

  /**
   * Takes a step with the framework's gradients and sets them to zero, even if the step refuses
   * them as not finite, since whatever the framework adds to them would not be finite either.
   *
   * @param parameters what {@link #parameters} returned last
   * @param gradients the gradients
   * @param extras the extra arguments
   */
  public void step(ParameterTree parameters, HostGradients gradients, Extras extras) {
    if (steps() == 0 && gradients.areMissing()) {
      throw new IllegalStateException(
          "the first step's gradients must not all be zero: run a backward pass before step");
    }
    try {
      step(parameters, gradients.tree(), extras);
    } catch (NonFiniteException e) {
      gradients.clear();
      throw e;
    }
    gradients.cleared();
  }

  /** {@return how many steps were taken, including skipped ones and those before a checkpoint} */
  public long steps() {
    return stepsBefore + (running == null ? 0 : running.stepper().steps());
  }

  /**
   * Returns what the optimizer has learned so far.
   *
   * @return by name: "d" of Prodigy and D-Adaptation, "s" of Mechanic, and "skipped", the number of
   *     skipped steps, as far as the optimizer has them
   */
  public Map<String, Double> estimates() {
    Map<String, Double> estimates = new LinkedHashMap<>();
    if (running != null) {
      estimates.putAll(Estimates.of(running.stepper().liveState()));
    }
    if (policy != null) {
      estimates.merge("skipped", (double) skipped(), Double::sum);
    }
    return estimates;
  }

  /** {@return how many steps were skipped in total, including those before a checkpoint} */
  public long skipped() {
    return skippedBefore + (running == null ? 0 : running.stepper().skippedSteps());
  }

  /**
   * Puts the parameters to evaluate into the model, until {@link #showStepped}; nothing if they are
   * there or the framework has freed the parameters.
   */
  public synchronized void showEvalParams() {
    Running<S> now = running;
    if (now != null && !shown.isShown() && now.parameters().isOpen()) {
      if (!now.parameters().isCurrent()) {
        parameters(now.parameters().again());
      }
      show();
    }
  }

  /**
   * Puts the parameters to evaluate into the model as {@link #showEvalParams()} does, for a model
   * whose parameters may have been frozen, replaced or assigned since the last step.
   *
   * @param described the parameters to train as the model has them now
   */
  public synchronized void showEvalParams(List<? extends HostParameter> described) {
    if (running != null && !shown.isShown()) {
      parameters(described);
      show();
    }
  }

  private void show() {
    Running<S> now = live();
    shown.showEvalParams(now.parameters(), optimizer, now.stepper().liveState());
  }

  /** Puts the stepped parameters back into the model. */
  public void showStepped() {
    shown.showStepped();
  }

  /**
   * Returns a checkpoint of parameters, state and step.
   *
   * @param described the parameters to train as the model has them now
   * @return the checkpoint, with a copy of the parameters, since the framework may free their
   *     memory, and with the live state: save it before the next step
   */
  public Checkpoint checkpoint(List<? extends HostParameter> described) {
    Tree hidden = shown.stepped(described);
    Tree stepped = hidden == null ? parameters(described).tree().copy() : hidden;
    return Checkpoint.of(stepped, optimizer, live().stepper().liveState()).step(steps());
  }

  /**
   * Continues from a checkpoint of the same parameters and the same optimizer.
   *
   * @param described the parameters to train as the model has them now
   * @param checkpoint what {@link #checkpoint} returned
   * @param skipped how many of the checkpoint's steps were skipped
   * @throws CheckpointException if the checkpoint has another optimizer or other parameters; then
   *     nothing has changed
   */
  public void resume(List<? extends HostParameter> described, Checkpoint checkpoint, long skipped)
      throws CheckpointException {
    ParameterTree parameters = ParameterTree.of(described);
    S state = checkpoint.stepper(optimizer, parameters.tree()).liveState();
    parameters.logCopied();
    parameters.store();
    start(parameters, state);
    stepsBefore = checkpoint.step();
    skippedBefore = skipped;
  }

  private Running<S> live() {
    if (running == null) {
      throw new IllegalStateException("a step must be taken first: call step");
    }
    return running;
  }
}
