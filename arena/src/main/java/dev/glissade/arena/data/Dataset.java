package dev.glissade.arena.data;

import java.util.List;

/**
 * Scaled examples with class labels. The data set owns the arrays: many threads read them and none
 * writes them.
 *
 * @param name the file's or folder's name
 * @param features the number of inputs of an example
 * @param classNames the name of each class, by its number
 * @param featureNames the name of each input, or empty when the source names none
 * @param inputs row-major: example i is at [i * features, (i + 1) * features)
 * @param labels the class of each example, in [0, classes)
 */
public record Dataset(
    String name,
    int features,
    List<String> classNames,
    List<String> featureNames,
    float[] inputs,
    int[] labels) {

  /** Copies the lists and keeps the arrays. */
  public Dataset {
    classNames = List.copyOf(classNames);
    featureNames = List.copyOf(featureNames);
    if (inputs.length != (long) labels.length * features) {
      throw new DataException(
          "%s: inputs must have examples x features = %d x %d numbers, but had %d"
              .formatted(name, labels.length, features, inputs.length));
    }
  }

  /** Returns the number of examples. */
  public int size() {
    return labels.length;
  }

  /** Returns the number of classes. */
  public int classes() {
    return classNames.size();
  }
}
