package dev.glissade.spark.ml;

import dev.glissade.records.Check;
import java.util.Arrays;
import org.apache.spark.ml.attribute.Attribute;
import org.apache.spark.ml.attribute.AttributeGroup;
import org.apache.spark.ml.attribute.BinaryAttribute;
import org.apache.spark.ml.attribute.NominalAttribute;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Checks and extends the columns of datasets. */
final class Schemas {
  private Schemas() {}

  /** Refuses a column of weights that is missing or not numeric. */
  static void checkWeight(StructType schema, String column) {
    if (column.isEmpty()) {
      return;
    }
    Check.that(
        Arrays.asList(schema.fieldNames()).contains(column),
        "weightCol must be one of the columns " + Arrays.toString(schema.fieldNames()),
        column);
    StructField field = schema.apply(column);
    Check.that(
        field.dataType() instanceof NumericType,
        "weightCol %s must be numeric".formatted(column),
        field.dataType().simpleString());
  }

  /**
   * Adds the column of probabilities.
   *
   * @param classes the number of classes; 0 if it is not known
   */
  static StructType withProbability(StructType schema, String column, int classes) {
    if (column.isEmpty()) {
      return schema;
    }
    Check.that(
        !Arrays.asList(schema.fieldNames()).contains(column),
        "probabilityCol must be a new column",
        column);
    return classes == 0
        ? schema.add(column, SQLDataTypes.VectorType(), false)
        : schema.add(new AttributeGroup(column, classes).toStructField());
  }

  /** Returns the number of classes that a column's metadata states; 0 for none. */
  static int classes(StructType schema, String column) {
    Attribute attribute = Attribute.fromStructField(schema.apply(column));
    if (attribute instanceof BinaryAttribute) {
      return 2;
    }
    if (attribute instanceof NominalAttribute nominal && nominal.getNumValues().isDefined()) {
      return (Integer) nominal.getNumValues().get();
    }
    return 0;
  }
}
