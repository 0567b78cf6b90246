package dev.glissade.tribuo;

import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.Tree;
import dev.glissade.checkpoint.Checkpoint;
import dev.glissade.checkpoint.CheckpointException;
import dev.glissade.host.Accumulation;
import dev.glissade.host.MissingExtras;
import dev.glissade.host.ModelStepper;
import dev.glissade.host.ParameterTree;
import dev.glissade.host.TrainerState;
import dev.glissade.transform.WeightLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.tribuo.math.LinearParameters;
import org.tribuo.math.Parameters;
import org.tribuo.math.la.Tensor;

/** One training: the parameters, the optimizer's state, and the gradients added up so far. */
final class TribuoRun {
  private static final String ALONE =
      "Tribuo gives an optimiser gradients, but no loss function: choose an optimizer of gradients"
          + " alone";

  private static final String NOTHING_ELSE =
      "Tribuo gives an optimiser gradients alone, so use another optimizer, or a Stepper in a loop"
          + " of your own";

  private static final String WEIGHTS = "weights";

  private final Parameters model;
  private final ModelStepper<?> stepper;
  private final MinibatchWatch watch;
  private final Accumulation accumulation = new Accumulation();
  private List<DenseParameter> described;
  private ParameterTree parameters;
  private GradientSums sums;

  private double scale = Double.NaN;
  private Extras scaled = Extras.NONE;

  /**
   * Begins a training.
   *
   * @param caller what trains
   */
  TribuoRun(
      Parameters model, GradientTransformation<?> optimizer, int accumulate, TribuoCaller caller) {
    this.model = model;
    this.stepper = ModelStepper.of(optimizer, WeightLayout.OUT_IN);
    this.stepper.missing(new MissingExtras(NOTHING_ELSE, ALONE, ALONE, NOTHING_ELSE));
    this.accumulation.calls(accumulate, optimizer);
    this.described = describe(model);
    this.watch = new MinibatchWatch(caller, names(described).indexOf(WEIGHTS));
    this.parameters = stepper.parameters(described);
    this.sums = new GradientSums(described, null);
  }

  ModelStepper<?> stepper() {
    return stepper;
  }

  private static List<String> names(List<DenseParameter> described) {
    return described.stream().map(DenseParameter::path).toList();
  }

  private static List<DenseParameter> describe(Parameters model) {
    Tensor[] tensors = model.get();
    List<DenseParameter> described = new ArrayList<>();
    for (int i = 0; i < tensors.length; i++) {
      described.add(new DenseParameter(name(model, i), tensors[i]));
    }
    return described;
  }

  /** Returns what masks and checkpoints call a model's tensor. */
  private static String name(Parameters model, int i) {
    if (model instanceof LinearParameters) {
      return WEIGHTS;
    }
    // By name, so that users of linear models need none of these modules.
    return switch (model.getClass().getName()) {
      case "org.tribuo.common.sgd.FMParameters" ->
          i == 0 ? "bias" : i == 1 ? WEIGHTS : "factors/" + (i - 2);
      case "org.tribuo.classification.sgd.crf.CRFParameters" ->
          List.of("bias", WEIGHTS, "transitions").get(i);
      default -> String.valueOf(i);
    };
  }

  /** Describes the parameters again if the model has others. */
  private void refresh() {
    Tensor[] now = model.get();
    boolean same = now.length == described.size();
    for (int i = 0; same && i < now.length; i++) {
      same = described.get(i).isOf(now[i]);
    }
    if (!same) {
      described = describe(model);
      parameters = stepper.parameters(described);
      sums = new GradientSums(described, sums);
    }
  }

  /**
   * Adds gradients up, and steps with their mean if there are enough.
   *
   * @param weight Tribuo's weight of the gradients
   * @param weights converts it
   * @return whether it took a step
   */
  boolean step(Tensor[] gradients, double weight, MinibatchWeights weights) {
    double factor = weights.factor(weight);
    stepper.showStepped();
    refresh();
    sums.require(gradients);
    watch.see(gradients, weight, weights);
    boolean alone = accumulation.calls() == 1;
    sums.add(gradients, alone ? 1 : factor, accumulation.waiting() == 0);
    if (!accumulation.isLast()) {
      accumulation.await();
      return false;
    }
    take(alone ? factor : 1.0 / accumulation.calls());
    return true;
  }

  private void take(double factor) {
    try {
      stepper.step(parameters, sums, scaled(factor));
    } catch (RuntimeException e) {
      sums.clear();
      throw e;
    } finally {
      accumulation.clear();
    }
  }

  /** Returns the arguments with a factor, which is the same at most steps. */
  private Extras scaled(double factor) {
    if (factor != scale) {
      scaled = Extras.NONE.withGradientScale(factor);
      scale = factor;
    }
    return scaled;
  }

  /** Steps with the gradients that are left over, if any. */
  void end() {
    if (accumulation.waiting() > 0) {
      stepper.showStepped();
      refresh();
      take(1.0 / accumulation.waiting());
    }
  }

  Checkpoint checkpoint() {
    refresh();
    return accumulation
        .state(stepper.skipped())
        .addTo(stepper.checkpoint(described), () -> sums.tree().copy());
  }

  void resume(Checkpoint checkpoint) throws CheckpointException {
    TrainerState saved = TrainerState.of(checkpoint);
    Tree gradients = saved.gradients(checkpoint, accumulation.calls(), sums.tree());
    stepper.resume(described, checkpoint, saved.skipped());
    parameters = stepper.parameters(described);
    if (gradients != null) {
      sums.restore(gradients);
      accumulation.resume(saved);
    }
  }

  long steps() {
    return stepper.steps();
  }

  Map<String, Double> estimates() {
    return stepper.estimates();
  }
}
