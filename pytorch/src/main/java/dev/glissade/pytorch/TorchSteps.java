package dev.glissade.pytorch;

import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.NonFiniteException;
import dev.glissade.Tree;
import dev.glissade.ValueAndGradients;
import dev.glissade.checkpoint.Checkpoint;
import dev.glissade.checkpoint.CheckpointException;
import dev.glissade.host.Accumulation;
import dev.glissade.host.MissingExtras;
import dev.glissade.host.ModelStepper;
import dev.glissade.host.ParameterTree;
import dev.glissade.host.ReplayedLoss;
import dev.glissade.host.TrainerState;
import dev.glissade.transform.WeightLayout;
import java.util.List;
import java.util.function.IntFunction;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/** Takes the steps of a {@link TorchStepper}: with gradients, a loss, or losses of examples. */
final class TorchSteps {
  private static final String CALL = "call step(loss) with a function that computes the loss";

  /** For steps with gradients alone. */
  private static final MissingExtras NO_LOSS =
      new MissingExtras(
          CALL + ", or step(Extras.NONE.withValue(...))", CALL, CALL, "call step(Extras.NONE.%s)");

  private static final MissingExtras WITH_LOSS =
      new MissingExtras(
          "call step(loss) each time, or step(loss, Extras.NONE.withValue(...))",
          CALL,
          CALL,
          "call step(loss, Extras.NONE.%s)");

  private static final MissingExtras OF_EXAMPLES =
      new MissingExtras(
          "stepEach gives the mean of the examples' losses",
          "stepEach computes gradients at the model's parameters only",
          "stepEach computes losses at the model's parameters only",
          "stepEach takes no extra arguments, so use another optimizer");

  private final ModelStepper<?> stepper;
  private final Accumulation accumulation = new Accumulation();
  private final TorchExamples examples = new TorchExamples();
  private TorchParameters parameters;
  private @Nullable TorchGradients gradients;
  private boolean evaluating;

  TorchSteps(TorchParameters parameters, GradientTransformation<?> optimizer) {
    this.parameters = parameters;
    this.stepper = ModelStepper.of(optimizer, WeightLayout.OUT_IN);
  }

  ModelStepper<?> stepper() {
    return stepper;
  }

  void parameters(TorchParameters now) {
    showStepped();
    parameters = now;
  }

  void accumulate(int calls) {
    accumulation.calls(calls, stepper.optimizer());
    stepper.parts(calls);
  }

  void clear() {
    parameters.clearGradients();
    accumulation.clear();
  }

  /** Takes a step with the gradients that libtorch has. */
  void step(Extras extras) {
    requireStepped();
    requireMeanGradients();
    if (!accumulation.isLast()) {
      accumulation.addUnknownLoss();
      accumulation.await();
      return;
    }
    stepper.missing(NO_LOSS);
    take((tree, now) -> extras, !extras.equals(Extras.NONE));
    accumulation.clear();
  }

  /** Computes a loss and its gradients and takes a step; returns the loss. */
  double step(TorchLoss loss, Extras extras) {
    if (loss.differentiates() && accumulation.calls() > 1) {
      throw new IllegalStateException(
          "accumulate must be 1 for a LossClosure, which sets the gradients to zero, but was %d: %s"
              .formatted(accumulation.calls(), CALL));
    }
    requireMeanGradients();
    showStepped();
    if (accumulation.waiting() == 0) {
      parameters.clearGradients();
    }
    boolean done = false;
    try {
      double value = loss.backward();
      accumulation.addLoss(value);
      if (!accumulation.isLast()) {
        accumulation.await();
      } else {
        String why = accumulation.whyNotAgain();
        stepper.missing(why == null ? WITH_LOSS : WITH_LOSS.functions(why));
        Extras more = accumulation.withLoss(extras);
        take((tree, now) -> why == null ? withFunctions(more, loss, tree, now) : more, true);
        accumulation.clear();
      }
      done = true;
      return value;
    } finally {
      if (!done) {
        clear();
      }
    }
  }

  private static Extras withFunctions(
      Extras extras, TorchLoss loss, ParameterTree tree, TorchGradients now) {
    if (extras.has("value_fn")) {
      return extras;
    }
    ReplayedLoss replayed = new ReplayedLoss(tree, now, () -> again(loss, now), loss::forward);
    Extras more = extras.withLossFunction(replayed);
    return extras.has("grad_fn") ? more : more.withGradientFunction(replayed.gradientFunction());
  }

  private static ValueAndGradients again(TorchLoss loss, TorchGradients gradients) {
    double value = loss.backward();
    return new ValueAndGradients(value, gradients.copied());
  }

  /** Takes a step with the gradients of each example; returns the mean loss. */
  double stepEach(int count, IntFunction<Tensor> loss) {
    if (!stepper.optimizer().perExample()) {
      throw new IllegalStateException(
          "the optimizer must get the gradients' mean, but got those of each example: call step");
    }
    showStepped();
    List<TorchParameter> trained = parameters.trained();
    ParameterTree tree = stepper.parameters(trained);
    Tree rows = examples.of(trained, tree.tree(), count, loss);
    double mean = examples.meanLoss();
    stepper.missing(OF_EXAMPLES);
    stepper.step(tree, rows, Extras.NONE.withValue(mean));
    return mean;
  }

  private interface MoreExtras {
    Extras of(ParameterTree tree, TorchGradients now);
  }

  /** Takes a step; if other code runs during it, keeps the gradients' memory. */
  private void take(MoreExtras extras, boolean runsOtherCode) {
    List<TorchParameter> trained = parameters.trained();
    ParameterTree tree = stepper.parameters(trained);
    TorchGradients now = gradients(trained).read();
    if (runsOtherCode) {
      now.pin();
    }
    try {
      stepper.step(tree, now, extras.of(tree, now));
    } catch (NonFiniteException e) {
      accumulation.clear(); // the gradients are zero already
      throw e;
    } finally {
      now.unpin();
    }
  }

  private TorchGradients gradients(List<TorchParameter> trained) {
    TorchGradients now = gradients;
    if (now == null || !now.isOf(trained)) {
      now = new TorchGradients(trained);
      gradients = now;
    }
    return now;
  }

  private void requireStepped() {
    if (evaluating) {
      throw new IllegalStateException(
          "the model must have the stepped parameters, but had those to evaluate: call showStepped"
              + " before the forward pass");
    }
  }

  private void requireMeanGradients() {
    if (stepper.optimizer().perExample()) {
      throw new IllegalStateException(
          "the optimizer must get the gradients of each example, but got their mean: call"
              + " stepEach(examples, loss)");
    }
  }

  void showEvalParams() {
    if (!evaluating) {
      stepper.showEvalParams(parameters.trained());
    }
    evaluating = true;
  }

  void showStepped() {
    stepper.showStepped();
    evaluating = false;
  }

  Checkpoint checkpoint() {
    List<TorchParameter> trained = parameters.trained();
    return accumulation
        .state(stepper.skipped())
        .addTo(stepper.checkpoint(trained), () -> new TorchGradients(trained).copied());
  }

  void resume(Checkpoint checkpoint) throws CheckpointException {
    showStepped();
    List<TorchParameter> trained = parameters.trained();
    TorchGradients now = gradients(trained).read();
    TrainerState saved = TrainerState.of(checkpoint);
    Tree sums = saved.gradients(checkpoint, accumulation.calls(), now.tree());
    stepper.resume(trained, checkpoint, saved.skipped());
    clear();
    if (sums != null) {
      now.begin(sums);
      accumulation.resume(saved);
    }
  }
}
