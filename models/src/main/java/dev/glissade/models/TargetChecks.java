package dev.glissade.models;

/** Checks that targets have the kind and the size that a loss takes, and reads them. */
final class TargetChecks {
  private TargetChecks() {}

  /** Requires a number for each output. */
  static void requireValues(Targets targets, int outputs) {
    if (!(targets instanceof Targets.Values values)) {
      throw new IllegalArgumentException(
          "targets must be numbers for each output under this loss, but were classes");
    }
    if (values.outputs() != outputs) {
      throw new IllegalArgumentException(
          "targets must have a number for each of %d outputs, but had %d"
              .formatted(outputs, values.outputs()));
    }
  }

  /** Requires a class for each example, less than the number of classes. */
  static void requireClasses(Targets targets, int classes) {
    if (!(targets instanceof Targets.Labels labels)) {
      throw new IllegalArgumentException(
          "targets must be classes under this loss, but were numbers");
    }
    for (int i = 0; i < labels.size(); i++) {
      if (labels.at(i) >= classes) {
        throw new IllegalArgumentException(
            "classes[%d] must be less than %d, the number of classes, but was %d"
                .formatted(i, classes, labels.at(i)));
      }
    }
  }

  /** Requires a class for each example, or a probability for each class of each example. */
  static void requireProbabilities(Targets targets, int classes) {
    if (targets instanceof Targets.Labels labels) {
      requireClasses(labels, classes);
    } else if (((Targets.Values) targets).outputs() != classes) {
      throw new IllegalArgumentException(
          "targets must have a probability for each of %d classes, but had %d"
              .formatted(classes, ((Targets.Values) targets).outputs()));
    }
  }

  /** Returns the probability of a class: for labels, 1 for the example's own. */
  static double probability(Targets targets, int example, int ofClass) {
    return targets instanceof Targets.Labels labels
        ? (labels.at(example) == ofClass ? 1 : 0)
        : ((Targets.Values) targets).at(example, ofClass);
  }

  static double value(Targets targets, int example, int output) {
    return ((Targets.Values) targets).at(example, output);
  }

  static int label(Targets targets, int example) {
    return ((Targets.Labels) targets).at(example);
  }
}
