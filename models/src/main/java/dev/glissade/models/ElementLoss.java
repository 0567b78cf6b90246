package dev.glissade.models;

import org.jspecify.annotations.Nullable;

/**
 * A loss that is a mean over outputs, each compared with its own target: the numbers of {@link
 * Targets.Values}, or class 0 and 1 of {@link Targets.Labels} for a model of one output.
 */
sealed interface ElementLoss extends Loss
    permits SquaredError, HuberLoss, SigmoidCrossEntropy, HingeLoss {
  /** Returns the loss of one output. */
  double value(double output, double target);

  /** Returns the derivative by the output. */
  double derivative(double output, double target);

  /** Returns the target that stands for a class, 0 or 1. */
  default double ofClass(int label) {
    return label;
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
    if (targets instanceof Targets.Values values) {
      if (values.outputs() != outputs) {
        throw new IllegalArgumentException(
            "targets must have a number for each of %d outputs, but had %d"
                .formatted(outputs, values.outputs()));
      }
      return;
    }
    if (outputs != 1) {
      throw new IllegalArgumentException(
          "the model must have one output for classes 0 and 1 under this loss, but had " + outputs);
    }
    ClassCheck.check((Targets.Labels) targets, 2);
  }
}
