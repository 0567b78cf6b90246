package dev.glissade.tensorflow;

import dev.glissade.Extras;
import dev.glissade.Tree;
import dev.glissade.ValueAndGradients;
import dev.glissade.host.ExampleRows;
import dev.glissade.host.ModelStepper;
import dev.glissade.host.ParameterTree;
import dev.glissade.host.ReplayedLoss;
import java.util.List;
import java.util.function.Consumer;
import org.tensorflow.Session;

/** Takes steps with the gradients of batches, and runs the batches again if a step asks for it. */
final class GraphSteps {
  private final ModelStepper<?> stepper;
  private final GraphRuns runs;
  private final ExampleRows rows = new ExampleRows("use smaller batches");

  GraphSteps(ModelStepper<?> stepper, GraphRuns runs) {
    this.stepper = stepper;
    this.runs = runs;
  }

  /** Takes a step; if it throws, puts the variables back all the same. */
  double step(List<? extends Consumer<Session.Runner>> batches, Extras extras) {
    runs.requireOpen();
    stepper.showStepped();
    double loss;
    try {
      loss = stepAt(batches, extras);
    } catch (RuntimeException | Error e) {
      try {
        runs.assign();
      } catch (RuntimeException second) {
        e.addSuppressed(second);
      }
      throw e;
    }
    runs.assign();
    return loss;
  }

  private double stepAt(List<? extends Consumer<Session.Runner>> batches, Extras extras) {
    try (GradientRun first = runs.gradientsAndVariables(batches.get(0))) {
      ParameterTree parameters = stepper.parameters(runs.variables());
      runs.closeOutdated();
      return stepper.optimizer().perExample()
          ? stepEachExample(batches, first, parameters, extras)
          : stepTogether(batches, first, parameters, extras);
    }
  }

  private double stepTogether(
      List<? extends Consumer<Session.Runner>> batches,
      GradientRun first,
      ParameterTree parameters,
      Extras extras) {
    GradientRun sum = first;
    for (int i = 1; i < batches.size(); i++) {
      sum = sum.plus(runs.gradients(batches.get(i)));
    }
    double loss = sum.loss() / batches.size();
    stepper.parts(batches.size());
    stepper.step(parameters, sum, withFunctions(withLoss(extras, loss), batches, parameters, sum));
    return loss;
  }

  private static Extras withLoss(Extras extras, double loss) {
    return extras.has("value") ? extras : extras.withValue(loss);
  }

  /** Adds functions that run the batches again, unless the caller has given either. */
  private Extras withFunctions(
      Extras extras,
      List<? extends Consumer<Session.Runner>> batches,
      ParameterTree parameters,
      GradientRun gradients) {
    if (extras.has("value_fn")) {
      return extras;
    }
    ReplayedLoss replayed =
        new ReplayedLoss(parameters, gradients, () -> again(batches), () -> lossOf(batches));
    Extras more =
        extras.has("grad_fn") ? extras : extras.withGradientFunction(replayed.gradientFunction());
    return more.withLossFunction(replayed);
  }

  private ValueAndGradients again(List<? extends Consumer<Session.Runner>> batches) {
    try (GradientRun first = runs.gradients(batches.get(0))) {
      GradientRun sum = first;
      for (int i = 1; i < batches.size(); i++) {
        sum = sum.plus(runs.gradients(batches.get(i)));
      }
      Tree gradients = batches.size() == 1 ? sum.tree().copy() : sum.tree();
      return stepper.mean(new ValueAndGradients(sum.loss() / batches.size(), gradients));
    }
  }

  private double lossOf(List<? extends Consumer<Session.Runner>> batches) {
    return batches.stream().mapToDouble(runs::loss).sum() / batches.size();
  }

  private double stepEachExample(
      List<? extends Consumer<Session.Runner>> examples,
      GradientRun first,
      ParameterTree parameters,
      Extras extras) {
    rows.begin(first.tree(), examples.size());
    rows.add(first.tree());
    double sum = first.loss();
    for (int i = 1; i < examples.size(); i++) {
      try (GradientRun run = runs.gradients(examples.get(i))) {
        rows.add(run.tree());
        sum += run.loss();
      }
    }
    double loss = sum / examples.size();
    stepper.step(parameters, rows.tree(), withLoss(extras, loss));
    return loss;
  }
}
