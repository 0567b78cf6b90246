package dev.glissade.models;

import dev.glissade.DType;
import dev.glissade.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * A loss that is a mean over outputs, each compared with its own target: the numbers of {@link
 * Targets.Values}, or class 0 and 1 of {@link Targets.Labels} for a model of one output.
 */
sealed interface ElementLoss extends Loss
    permits SquaredError,
        HuberLoss,
        LogCosh,
        SigmoidCrossEntropy,
        SigmoidFocalLoss,
        HingeLoss,
        PerceptronLoss,
        SparsemaxLoss {
  /** Returns the loss of one output. */
  double value(double output, double target);

  /** Returns the derivative by the output. */
  double derivative(double output, double target);

  /** Returns the target that stands for a class, 0 or 1. */
  default double ofClass(int label) {
    return label;
  }

  /**
   * Computes the loss of each output by itself, and the gradient of their sum.
   *
   * @param outputs float32 or float64 numbers of any shape
   * @param targets a number for each of them, in the same shape
   * @return the losses, in the same shape, and the gradient; each output is an example
   * @throws IllegalArgumentException if the shapes differ, or outputs have another type
   */
  default LossValues onElements(Tensor outputs, Tensor targets) {
    Matrices.checkType("outputs", outputs.dtype());
    Matrices.checkSameShape("targets", targets, "outputs", outputs);
    double[] values = outputs.toDoubles();
    double[] gradient = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      gradient[i] = derivative(values[i], targets.get(i));
      values[i] = value(values[i], targets.get(i));
    }
    return new LossValues(
        Tensor.of(DType.FLOAT64, values, outputs.shape()),
        Tensor.of(outputs.dtype(), gradient, outputs.shape()),
        values.length);
  }

  @Override
  default double example(
      double[] outputs, Targets targets, int example, double @Nullable [] gradient) {
    double sum = 0;
    int n = outputs.length;
    for (int j = 0; j < n; j++) {
      double target =
          targets instanceof Targets.Labels labels
              ? ofClass(labels.at(example))
              : ((Targets.Values) targets).at(example, j);
      sum += value(outputs[j], target);
      if (gradient != null) {
        gradient[j] = derivative(outputs[j], target) / n;
      }
    }
    return sum / n;
  }

  @Override
  default void check(Targets targets, int outputs) {
    if (targets instanceof Targets.Values) {
      TargetChecks.requireValues(targets, outputs);
      return;
    }
    if (outputs != 1) {
      throw new IllegalArgumentException(
          "the model must have one output for classes 0 and 1 under this loss, but had " + outputs);
    }
    TargetChecks.requireClasses(targets, 2);
  }
}
