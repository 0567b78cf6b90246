package dev.glissade.models;

/** Checks that each label is a class of the model. */
final class ClassCheck {
  private ClassCheck() {}

  static void check(Targets.Labels labels, int classes) {
    for (int i = 0; i < labels.size(); i++) {
      if (labels.at(i) >= classes) {
        throw new IllegalArgumentException(
            "classes[%d] must be less than %d, the number of classes, but was %d"
                .formatted(i, classes, labels.at(i)));
      }
    }
  }
}
