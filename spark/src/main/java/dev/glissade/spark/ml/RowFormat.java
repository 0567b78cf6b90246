package dev.glissade.spark.ml;

import java.io.Serializable;
import org.apache.spark.ml.linalg.SparseVector;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;

/**
 * Where a row has its features (0), label (1) and weight (2), and what they must obey.
 *
 * @param featuresCol the name of the column of features, for errors
 * @param labelCol that of labels
 * @param weightCol that of weights
 * @param classes the number of classes that the labels' metadata states; 0 for none; -1 for numbers
 *     rather than classes
 */
record RowFormat(String featuresCol, String labelCol, String weightCol, int classes)
    implements Serializable {
  /** Labels beyond are hardly the numbers of classes. */
  static final int MOST_CLASSES = 10_000;

  /** Refuses a row; Spark would try it again if it were thrown. */
  static final class BadRowException extends Exception {
    private static final long serialVersionUID = 1;

    BadRowException(String rule, Object value) {
      super(rule + ", but was " + value);
    }
  }

  /** The numbers of a row. */
  record Example(Vector features, double label, double weight) {}

  /**
   * Returns the numbers of a row.
   *
   * @param width the number of features of the other rows; -1 if it is not known yet
   */
  Example read(Row row, int width) throws BadRowException {
    Vector features = row.isNullAt(0) ? null : (Vector) row.get(0);
    if (features == null) {
      throw new BadRowException("%s must be a vector".formatted(featuresCol), "null");
    }
    checkFeatures(features, width);
    double label = number(row, 1, labelCol);
    if (classes >= 0) {
      checkClass(label);
    }
    double weight = number(row, 2, weightCol);
    if (!(weight >= 0)) {
      throw new BadRowException("%s must not be negative".formatted(weightCol), weight);
    }
    return new Example(features, label, weight);
  }

  private void checkFeatures(Vector features, int width) throws BadRowException {
    if (features.size() == 0) {
      throw new BadRowException("%s must have at least one number".formatted(featuresCol), "empty");
    }
    if (width >= 0 && features.size() != width) {
      throw new BadRowException(
          "the size of %s must be %d, as in other rows".formatted(featuresCol, width),
          features.size());
    }
    SparseVector sparse = features instanceof SparseVector own ? own : null;
    double[] values = sparse == null ? features.toArray() : sparse.values();
    for (int i = 0; i < values.length; i++) {
      if (!Double.isFinite(values[i])) {
        int feature = sparse == null ? i : sparse.indices()[i];
        throw new BadRowException(
            "%s[%d] must be finite".formatted(featuresCol, feature), values[i]);
      }
    }
  }

  private static double number(Row row, int column, @Nullable String name) throws BadRowException {
    if (row.isNullAt(column)) {
      throw new BadRowException(name + " must be a number", "null");
    }
    double number = row.getDouble(column);
    if (!Double.isFinite(number)) {
      throw new BadRowException(name + " must be finite", number);
    }
    return number;
  }

  private void checkClass(double label) throws BadRowException {
    if (label < 0 || label != Math.rint(label)) {
      throw new BadRowException("%s must be a whole number from 0".formatted(labelCol), label);
    }
    if (classes > 0 && label >= classes) {
      throw new BadRowException(
          "%s must be less than %d, the number of classes in the column's metadata"
              .formatted(labelCol, classes),
          label);
    }
    if (classes == 0 && label >= MOST_CLASSES) {
      throw new BadRowException(
          "%s must be less than %d unless the column's metadata has the number of classes, as"
                  .formatted(labelCol, MOST_CLASSES)
              + " StringIndexer writes it",
          label);
    }
  }
}
