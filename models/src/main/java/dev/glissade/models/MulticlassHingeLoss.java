package dev.glissade.models;

import org.jspecify.annotations.Nullable;

/**
 * The hinge loss of several classes (Crammer and Singer 2001): max_j (s_j + 1 - [j = c]) - s_c for
 * scores s and the class c of the example. Its gradient is 1 at the class of the maximum (in equal
 * shares where several reach it) and -1 at c.
 *
 * <p>Takes {@link Targets.Labels}.
 */
public record MulticlassHingeLoss() implements Loss {
  @Override
  public double example(
      double[] outputs, Targets targets, int example, double @Nullable [] gradient) {
    return margin(outputs, TargetChecks.label(targets, example), 1, gradient);
  }

  /** Returns max_j (s_j + margin [j != c]) - s_c and writes its gradient. */
  static double margin(double[] scores, int c, double margin, double @Nullable [] gradient) {
    double max = Double.NEGATIVE_INFINITY;
    int reached = 0;
    for (int j = 0; j < scores.length; j++) {
      double score = scores[j] + (j == c ? 0 : margin);
      reached = score == max ? reached + 1 : (score > max ? 1 : reached);
      max = Math.max(max, score);
    }
    double loss = max - scores[c];
    for (int j = 0; gradient != null && j < scores.length; j++) {
      boolean top = scores[j] + (j == c ? 0 : margin) == max;
      gradient[j] = Double.isNaN(loss) ? loss : (top ? 1.0 / reached : 0) - (j == c ? 1 : 0);
    }
    return loss;
  }

  @Override
  public void check(Targets targets, int outputs) {
    TargetChecks.requireClasses(targets, outputs);
  }
}
