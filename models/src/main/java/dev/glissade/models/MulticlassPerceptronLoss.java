package dev.glissade.models;

import org.jspecify.annotations.Nullable;

/**
 * The perceptron's loss of several classes: max_j s_j - s_c for scores s and the class c of the
 * example. Its gradient is 1 at the class of the maximum (in equal shares where several reach it)
 * and -1 at c.
 *
 * <p>Takes {@link Targets.Labels}.
 */
public record MulticlassPerceptronLoss() implements Loss {
  @Override
  public double example(
      double[] outputs, Targets targets, int example, double @Nullable [] gradient) {
    return MulticlassHingeLoss.margin(outputs, TargetChecks.label(targets, example), 0, gradient);
  }

  @Override
  public void check(Targets targets, int outputs) {
    TargetChecks.requireClasses(targets, outputs);
  }
}
