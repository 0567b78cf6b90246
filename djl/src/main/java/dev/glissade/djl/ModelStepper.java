package dev.glissade.djl;

import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.NonFinite;
import dev.glissade.NonFiniteException;
import dev.glissade.RandomKey;
import dev.glissade.Scalar;
import dev.glissade.Stepper;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import dev.glissade.ValueAndGradients;
import dev.glissade.checkpoint.Checkpoint;
import dev.glissade.checkpoint.CheckpointException;
import dev.glissade.records.Records;
import dev.glissade.transform.WeightLayout;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Steps a model's parameters in their own memory, with the gradients that DJL computed. */
final class ModelStepper<S> {
  private static final Logger LOG = LoggerFactory.getLogger(ModelStepper.class);

  private final GradientTransformation<S> optimizer;
  private int parts = 1;
  private @Nullable Integer threads;
  private @Nullable NonFinite policy;
  private @Nullable Running<S> running;
  private final ShownParams shown = new ShownParams();

  /** The number of steps of earlier steppers. */
  private long stepsBefore;

  /** The number of steps that earlier steppers skipped. */
  private long skippedBefore;

  /** A stepper and its parameters. */
  private record Running<S>(ParameterTree parameters, Stepper<S> stepper) {}

  /** Takes an optimizer of any layout, for weights as DJL keeps them. */
  ModelStepper(GradientTransformation<S> optimizer) {
    this.optimizer = WeightLayout.OUT_IN.appliedTo(optimizer);
  }

  GradientTransformation<S> optimizer() {
    return optimizer;
  }

  /** Sets how many parts each gradient is a sum over; the gradient of each part is a mean. */
  void parts(int count) {
    if (count != parts) {
      parts = count;
      resume();
    }
  }

  /** Returns the mean of gradients that are sums over the parts, and the same loss. */
  ValueAndGradients mean(ValueAndGradients sums) {
    return new ValueAndGradients(
        sums.value(), AverageGradients.mean(sums.gradients(), parts).evaluate());
  }

  void threads(int count) {
    threads = count;
    if (running != null) {
      running.stepper().threads(count);
    }
  }

  void nonFinite(NonFinite what) {
    policy = what;
    if (running != null) {
      running.stepper().nonFinite(what);
    }
  }

  /** Returns the parameters' tree; if the model has changed, creates a new tree and stepper. */
  ParameterTree parameters(List<Trainable> trainables) {
    Running<S> now = running;
    if (now == null) {
      ParameterTree tree = ParameterTree.of(trainables);
      tree.logCopied();
      start(tree, optimizer.init(tree.tree()));
      return tree;
    }
    if (now.parameters().isOf(trainables)) {
      now.parameters().load();
      return now.parameters();
    }
    ParameterTree tree = ParameterTree.of(trainables);
    tree.logCopied();
    start(tree, carried(now.stepper().liveState(), now.parameters().tree(), tree.tree()));
    return tree;
  }

  private void start(ParameterTree tree, S state) {
    stepsBefore = steps();
    skippedBefore = skipped();
    GradientTransformation<S> averaging =
        optimizer.perExample() ? optimizer : new AverageGradients<>(optimizer, parts);
    Stepper<S> stepper =
        Stepper.resuming(averaging, tree.tree(), state).zeroGradients(!optimizer.perExample());
    if (threads != null) {
      stepper.threads(threads);
    }
    if (policy != null) {
      stepper.nonFinite(policy);
    }
    running = new Running<>(tree, stepper);
  }

  private void resume() {
    if (running != null) {
      start(running.parameters(), running.stepper().liveState());
    }
  }

  /** Returns the state for other parameters: leaves of the same path and shape keep theirs. */
  private S carried(S state, Tree before, Tree now) {
    if (before.structure().equals(now.structure())) {
      return state;
    }
    LOG.info(
        "the trained parameters changed from {} to {}; those in both keep their state",
        before.paths(),
        now.paths());
    S fresh = optimizer.init(now);
    fresh = Records.graft(fresh, state, Tree.class, ModelStepper::carried);
    fresh = Records.graft(fresh, state, Scalar.class, (made, old) -> old);
    return Records.graft(fresh, state, RandomKey.class, (made, old) -> old);
  }

  private static Tree carried(Tree made, Tree old) {
    Map<String, Tensor> tensors = new LinkedHashMap<>(made.toMap());
    tensors.replaceAll((path, tensor) -> {
      boolean stays =
          old.structure().hasPath(path)
              && old.structure().leaf(path).equals(made.structure().leaf(path));
      return stays ? old.get(path) : tensor;
    });
    return Tree.of(tensors);
  }

  /** Takes a step on the parameters that {@link #parameters} returned. */
  void step(ParameterTree parameters, Tree gradients, Extras extras) {
    Running<S> now = running;
    if (now == null || now.parameters() != parameters) {
      throw new IllegalStateException("the parameters must be those of the stepper");
    }
    now.stepper().step(gradients, extras);
    parameters.store();
  }

  /**
   * Takes a step with DJL's gradients and sets them to zero, even if the step refuses them as not
   * finite, since whatever DJL adds to them would not be finite either.
   */
  void step(ParameterTree parameters, Gradients gradients, Extras extras) {
    if (!begun() && gradients.areZero()) {
      throw new IllegalStateException(
          "the first step's gradients must not all be zero: call backward of a GradientCollector"
              + " with the loss before step");
    }
    try {
      step(parameters, gradients.tree(), extras);
    } catch (NonFiniteException e) {
      gradients.clear();
      throw e;
    }
    gradients.cleared();
  }

  private boolean begun() {
    return steps() > 0;
  }

  /** Returns how many steps were taken in total, including those before a checkpoint. */
  long steps() {
    return stepsBefore + (running == null ? 0 : running.stepper().steps());
  }

  /** Returns what the optimizer has learned, by name. */
  Map<String, Double> estimates() {
    Map<String, Double> estimates = new LinkedHashMap<>();
    if (running != null) {
      estimates.putAll(OptimizerMetrics.of(running.stepper().liveState()));
    }
    if (policy != null) {
      estimates.merge("skipped", (double) skipped(), Double::sum);
    }
    return estimates;
  }

  /** Returns how many steps were skipped in total, including those before a checkpoint. */
  long skipped() {
    return skippedBefore + (running == null ? 0 : running.stepper().skippedSteps());
  }

  /** Puts the parameters to evaluate into the model, until {@link #showStepped}. */
  void showEvalParams() {
    Running<S> now = running;
    if (now != null) {
      shown.showEvalParams(now.parameters(), optimizer, now.stepper().liveState());
    }
  }

  /** Puts the stepped parameters back into the model. */
  void showStepped() {
    shown.showStepped();
  }

  /** Returns a checkpoint of parameters, state and step; save it before the next step. */
  Checkpoint checkpoint(List<Trainable> trainables) {
    Tree hidden = shown.stepped(trainables);
    Tree stepped = hidden == null ? parameters(trainables).tree() : hidden;
    return Checkpoint.of(stepped, optimizer, live().stepper().liveState()).step(steps());
  }

  /**
   * Continues from a checkpoint of the same parameters and the same optimizer.
   *
   * @param skipped how many of the checkpoint's steps were skipped
   */
  void resume(List<Trainable> trainables, Checkpoint checkpoint, long skipped)
      throws CheckpointException {
    ParameterTree parameters = ParameterTree.of(trainables);
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
