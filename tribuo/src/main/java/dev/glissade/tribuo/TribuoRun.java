package dev.glissade.tribuo;

import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.NonFiniteException;
import dev.glissade.Tree;
import dev.glissade.checkpoint.Checkpoint;
import dev.glissade.checkpoint.CheckpointException;
import dev.glissade.host.ModelStepper;
import dev.glissade.host.ParameterTree;
import dev.glissade.host.ReplayedLoss;
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
  private static final String NO_LOSS = "Tribuo gives an optimiser gradients, but no loss function";

  private static final String WEIGHTS = "weights";

  private static final Extras EXTRAS =
      Extras.NONE
          .withGradientFunction(ReplayedLoss.missingGradients(NO_LOSS))
          .withLossFunction(ReplayedLoss.missing(NO_LOSS));

  private final Parameters model;
  private final ModelStepper<?> stepper;
  private final MinibatchWatch watch;
  private final int accumulate;
  private List<DenseParameter> described;
  private ParameterTree parameters;
  private GradientSums sums;

  /** How many gradients were added up since the last step. */
  private int waiting;

  private double scale = Double.NaN;
  private Extras scaled = EXTRAS;

  /**
   * Begins a training.
   *
   * @param caller what trains
   */
  TribuoRun(
      Parameters model, GradientTransformation<?> optimizer, int accumulate, TribuoCaller caller) {
    this.model = model;
    this.stepper = ModelStepper.of(optimizer, WeightLayout.OUT_IN);
    this.accumulate = accumulate;
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
    boolean alone = accumulate == 1;
    sums.add(gradients, alone ? 1 : factor, waiting == 0);
    waiting++;
    if (waiting < accumulate) {
      return false;
    }
    take(alone ? factor : 1.0 / accumulate);
    return true;
  }

  private void take(double factor) {
    boolean first = stepper.steps() == 0;
    try {
      stepper.step(parameters, sums, scaled(factor));
    } catch (NonFiniteException e) {
      throw e; // the sums are zero already
    } catch (RuntimeException e) {
      sums.clear();
      if (first && e instanceof IllegalArgumentException) {
        throw new IllegalArgumentException(
            "the optimizer must step with gradients alone, since Tribuo gives an optimiser nothing"
                + " else, but was refused: "
                + e.getMessage(),
            e);
      }
      throw e;
    } finally {
      waiting = 0;
    }
  }

  /** Returns the arguments with a factor, which is the same at most steps. */
  private Extras scaled(double factor) {
    if (factor != scale) {
      scaled = EXTRAS.withGradientScale(factor);
      scale = factor;
    }
    return scaled;
  }

  /** Steps with the gradients that are left over, if any. */
  void end() {
    if (waiting > 0) {
      stepper.showStepped();
      refresh();
      take(1.0 / waiting);
    }
  }

  Checkpoint checkpoint() {
    refresh();
    return new TrainerState(stepper.skipped(), accumulate, waiting)
        .addTo(stepper.checkpoint(described), () -> sums.tree().copy());
  }

  void resume(Checkpoint checkpoint) throws CheckpointException {
    TrainerState saved = TrainerState.of(checkpoint);
    Tree gradients = saved.gradients(checkpoint, accumulate, sums.tree());
    stepper.resume(described, checkpoint, saved.skipped());
    parameters = stepper.parameters(described);
    if (gradients != null) {
      sums.restore(gradients);
      waiting = saved.waiting();
    }
  }

  long steps() {
    return stepper.steps();
  }

  Map<String, Double> estimates() {
    return stepper.estimates();
  }
}
