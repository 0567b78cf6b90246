package dev.glissade.models;

import org.jspecify.annotations.Nullable;

/**
 * The cosine distance, 1 - {@linkplain CosineSimilarity cosine similarity} of the outputs and the
 * targets of an example. Takes {@link Targets.Values}.
 *
 * @param epsilon the least squared norm, not negative
 */
public record CosineDistance(double epsilon) implements Loss {
  /**
   * Checks epsilon.
   *
   * @throws IllegalArgumentException if it is negative or not finite
   */
  public CosineDistance {
    new CosineSimilarity(epsilon);
  }

  @Override
  public double example(
      double[] outputs, Targets targets, int example, double @Nullable [] gradient) {
    double similarity = new CosineSimilarity(epsilon).example(outputs, targets, example, gradient);
    for (int j = 0; gradient != null && j < gradient.length; j++) {
      gradient[j] = 0 - gradient[j]; // 0, not -0, of 0
    }
    return 1 - similarity;
  }

  @Override
  public void check(Targets targets, int outputs) {
    TargetChecks.requireValues(targets, outputs);
  }
}
