package dev.glissade.models;

import dev.glissade.records.Check;
import org.jspecify.annotations.Nullable;

/**
 * The cosine of the angle between the outputs y and the targets t of an example: {@code <y, t> /
 * (|y| |t|)}, where each squared norm is at least epsilon. To be made large; {@link CosineDistance}
 * is the loss. A vector of zeros has the similarity 0 to any other and the gradient 0.
 *
 * <p>Takes {@link Targets.Values}.
 *
 * @param epsilon the least squared norm, not negative
 */
public record CosineSimilarity(double epsilon) implements Loss {
  /**
   * Checks epsilon.
   *
   * @throws IllegalArgumentException if it is negative or not finite
   */
  public CosineSimilarity {
    Check.notNegative("epsilon", epsilon);
  }

  @Override
  public double example(
      double[] outputs, Targets targets, int example, double @Nullable [] gradient) {
    double[] b = new double[outputs.length];
    for (int j = 0; j < b.length; j++) {
      b[j] = TargetChecks.value(targets, example, j);
    }
    return of(outputs, b, gradient);
  }

  /** Returns the similarity of two vectors and writes its derivative by the first. */
  double of(double[] a, double[] b, double @Nullable [] gradient) {
    double squareA = dot(a, a);
    double normA = Math.sqrt(Math.max(squareA, epsilon));
    double normB = Math.sqrt(Math.max(dot(b, b), epsilon));
    boolean zero = normA == 0 || normB == 0;
    double similarity = zero ? 0 : dot(a, b) / normA / normB;
    if (gradient != null) {
      // (b/|b| - s a/|a|) / |a|; without the second term where |a| is held at epsilon
      boolean held = squareA < epsilon;
      for (int j = 0; j < a.length; j++) {
        double along = held ? 0 : similarity * a[j] / normA;
        gradient[j] = zero ? 0 : (b[j] / normB - along) / normA;
      }
    }
    return similarity;
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int j = 0; j < a.length; j++) {
      sum += a[j] * b[j];
    }
    return sum;
  }

  @Override
  public void check(Targets targets, int outputs) {
    TargetChecks.requireValues(targets, outputs);
  }
}
