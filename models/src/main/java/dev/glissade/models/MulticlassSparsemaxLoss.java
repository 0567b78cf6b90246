package dev.glissade.models;

import org.jspecify.annotations.Nullable;

/**
 * The sparsemax loss of several classes (Martins and Astudillo, "From Softmax to Sparsemax", 2016).
 * The distribution q is the point of the simplex that is nearest to the scores s, with zeros for
 * low scores; the loss is {@code <q, s - s_c> + (1 - |q|^2) / 2} for the class c of the example.
 * Its gradient is q, less 1 at c.
 *
 * <p>Takes {@link Targets.Labels}.
 */
public record MulticlassSparsemaxLoss() implements Loss {
  @Override
  public double example(
      double[] outputs, Targets targets, int example, double @Nullable [] gradient) {
    int c = TargetChecks.label(targets, example);
    double[] q = Softmax.simplex(outputs);
    double loss = 0.5;
    for (int j = 0; j < q.length; j++) {
      // a class without probability adds nothing, even if its score is -infinity
      loss += q[j] == 0 ? 0 : q[j] * (outputs[j] - outputs[c]) - q[j] * q[j] / 2;
      if (gradient != null) {
        gradient[j] = q[j] - (j == c ? 1 : 0);
      }
    }
    return loss;
  }

  @Override
  public void check(Targets targets, int outputs) {
    TargetChecks.requireClasses(targets, outputs);
  }
}
