package dev.glissade.spark.ml;

import dev.glissade.records.Check;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.ml.linalg.SparseVector;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Row;

/**
 * What a first job learns of all rows: how many there are in each partition, moments of features
 * and labels, and the largest label.
 *
 * @param rows the number of rows of each partition
 * @param features moments of the features
 * @param label moments of the label, in column 0
 * @param weight the sum of the weights
 * @param largest the largest label
 * @param width the number of features
 */
record DataSummary(
    long[] rows,
    WeightedMoments features,
    WeightedMoments label,
    double weight,
    double largest,
    int width) {

  /** The summary of one partition; {@code problem} says what is wrong with a row of it. */
  private static final class Part implements Serializable {
    private static final long serialVersionUID = 1;
    private String problem = "";
    private long rows;
    private int width = -1;
    private double weight;
    private double largest;
    private WeightedMoments features = new WeightedMoments(0);
    private final WeightedMoments label = new WeightedMoments(1);

    void add(RowFormat.Example example) {
      Vector vector = example.features();
      if (width < 0) {
        width = vector.size();
        features = new WeightedMoments(width);
      }
      rows++;
      weight += example.weight();
      largest = Math.max(largest, example.label());
      label.add(0, example.label(), example.weight());
      if (vector instanceof SparseVector sparse) {
        int[] indices = sparse.indices();
        double[] values = sparse.values();
        for (int i = 0; i < indices.length; i++) {
          features.add(indices[i], values[i], example.weight());
        }
      } else {
        for (int i = 0; i < width; i++) {
          features.add(i, vector.apply(i), example.weight());
        }
      }
    }
  }

  /**
   * Runs the job.
   *
   * @throws IllegalArgumentException if a row is refused, or there is none
   */
  static DataSummary of(JavaRDD<Row> data, RowFormat format) {
    List<Part> parts =
        data.mapPartitionsWithIndex(
                (index, rows) -> List.of(part(rows, format, index)).iterator(), true)
            .collect();
    return united(parts, format);
  }

  private static Part part(Iterator<Row> rows, RowFormat format, int index) {
    Part part = new Part();
    while (rows.hasNext()) {
      try {
        part.add(format.read(rows.next(), part.width));
      } catch (RowFormat.BadRowException e) {
        part.problem = "%s (row %d of partition %d)".formatted(e.getMessage(), part.rows, index);
        return part;
      }
    }
    return part;
  }

  private static DataSummary united(List<Part> parts, RowFormat format) {
    long[] rows = new long[parts.size()];
    Part all = new Part();
    List<String> problems = new ArrayList<>();
    for (int i = 0; i < rows.length; i++) {
      Part part = parts.get(i);
      rows[i] = part.rows;
      if (!part.problem.isEmpty()) {
        problems.add(part.problem);
      }
      if (part.width < 0) {
        continue;
      }
      if (all.width < 0) {
        all.width = part.width;
        all.features = new WeightedMoments(part.width);
      } else if (all.width != part.width) {
        problems.add(
            "the size of %s must be %d, as in other rows, but was %d (row 0 of partition %d)"
                .formatted(format.featuresCol(), all.width, part.width, i));
        continue;
      }
      all.rows += part.rows;
      all.weight += part.weight;
      all.largest = Math.max(all.largest, part.largest);
      all.features.add(part.features);
      all.label.add(part.label);
    }
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(problems.get(0));
    }
    Check.that(all.rows > 0, "the dataset must have at least one row", "none");
    Check.positive("the sum of " + format.weightCol(), all.weight);
    all.features.complete(all.weight);
    all.label.complete(all.weight);
    return new DataSummary(rows, all.features, all.label, all.weight, all.largest, all.width);
  }

  long count() {
    long count = 0;
    for (long of : rows) {
      count += of;
    }
    return count;
  }

  /** Returns the scaling to mean 0 and standard deviation 1. */
  FeatureScaling standardization(String featuresCol) {
    double[] mean = new double[width];
    double[] factor = new double[width];
    for (int i = 0; i < width; i++) {
      double deviation = features.deviation(i);
      Check.finite("the standard deviation of %s[%d]".formatted(featuresCol, i), deviation);
      mean[i] = features.mean(i);
      factor[i] = deviation > 0 && Double.isFinite(1 / deviation) ? 1 / deviation : 0;
    }
    return new FeatureScaling(mean, factor);
  }
}
