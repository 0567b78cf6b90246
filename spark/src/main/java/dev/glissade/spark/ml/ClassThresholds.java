package dev.glissade.spark.ml;

import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;

/** Chooses a class by probabilities and thresholds. */
final class ClassThresholds {
  private ClassThresholds() {}

  /** Refuses thresholds that are not as many as the classes. */
  static void check(double[] thresholds, int classes) {
    if (thresholds.length != classes) {
      throw new IllegalArgumentException(
          "thresholds must have a number for each of %d classes, but had %d"
              .formatted(classes, thresholds.length));
    }
  }

  /** Refuses those of an estimator or a model, if they are set. */
  static void check(HasThresholds owner, int classes) {
    if (owner.isDefined(owner.thresholds())) {
      check(owner.getThresholds(), classes);
    }
  }

  /** Returns the class with the largest probability / threshold, the first one if several have. */
  static int choice(Vector probabilities, double[] thresholds) {
    check(thresholds, probabilities.size());
    double[] scaled = new double[thresholds.length];
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] =
          thresholds[i] == 0 ? Double.POSITIVE_INFINITY : probabilities.apply(i) / thresholds[i];
    }
    return Vectors.dense(scaled).argmax();
  }
}
