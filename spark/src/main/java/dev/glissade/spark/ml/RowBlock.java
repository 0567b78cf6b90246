package dev.glissade.spark.ml;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.ml.linalg.SparseVector;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;

/**
 * Some rows of a partition: scaled features in float32, labels and weights. Rows that are mostly
 * zeros are stored as their other numbers.
 *
 * @param index the number of the block in its partition, from 0
 * @param blocks the number of blocks of the partition
 * @param labels the scaled label of each row
 * @param weights the weight of each row; null if all are 1
 * @param values the features, row after row; of sparse rows, those that are stored
 * @param features the number of features
 * @param sparse where sparse rows have their values; null for dense rows
 */
record RowBlock(
    int index,
    int blocks,
    float[] labels,
    float @Nullable [] weights,
    float[] values,
    int features,
    @Nullable Sparse sparse)
    implements Serializable {
  private static final long BYTES = 1 << 20;

  /**
   * The form of sparse rows.
   *
   * @param ends where each row ends among the values
   * @param indices the feature of each value
   * @param zeros the scaled features of a row of zeros, shared by the blocks of a partition
   */
  record Sparse(int[] ends, int[] indices, float[] zeros) implements Serializable {}

  /**
   * How labels and weights are scaled.
   *
   * @param mean what is subtracted from a label
   * @param factor what a label is multiplied by then
   * @param weight what a weight is multiplied by, so that they are 1 on average
   */
  record TargetScaling(double mean, double factor, double weight) implements Serializable {
    float label(double label) {
      return (float) ((label - mean) * factor);
    }
  }

  int rows() {
    return labels.length;
  }

  double weight(int row) {
    return weights == null ? 1 : weights[row];
  }

  /** Copies the features of a row. */
  void copy(int row, float[] target, int offset) {
    if (sparse == null) {
      System.arraycopy(values, row * features, target, offset, features);
      return;
    }
    System.arraycopy(sparse.zeros(), 0, target, offset, features);
    for (int i = row == 0 ? 0 : sparse.ends()[row - 1]; i < sparse.ends()[row]; i++) {
      target[offset + sparse.indices()[i]] = values[i];
    }
  }

  /**
   * Returns the blocks of a partition, about 1 MB each.
   *
   * @param expected the number of rows that the partition had before
   * @throws IllegalStateException if the partition has other rows than before
   */
  static Iterator<RowBlock> blocks(
      Iterator<Row> rows,
      RowFormat format,
      FeatureScaling scaling,
      TargetScaling targets,
      long expected) {
    List<List<RowFormat.Example>> all = new ArrayList<>();
    long bytes = BYTES;
    long count = 0;
    while (rows.hasNext()) {
      RowFormat.Example example = checked(rows.next(), format, scaling.features());
      if (bytes >= BYTES) {
        all.add(new ArrayList<>());
        bytes = 0;
      }
      all.get(all.size() - 1).add(example);
      bytes += bytes(example.features());
      count++;
    }
    if (count != expected) {
      throw changed("it had %d rows, and then %d".formatted(expected, count));
    }
    float[] zeros = scaling.zeros();
    List<RowBlock> blocks = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      blocks.add(of(i, all.size(), all.get(i), scaling, targets, zeros));
      all.set(i, List.of());
    }
    return blocks.iterator();
  }

  private static RowFormat.Example checked(Row row, RowFormat format, int width) {
    try {
      return format.read(row, width);
    } catch (RowFormat.BadRowException e) {
      throw changed(String.valueOf(e.getMessage()));
    }
  }

  private static IllegalStateException changed(String how) {
    return new IllegalStateException(
        "a partition must have the same rows whenever it is computed: %s; cache the dataset"
            .formatted(how));
  }

  private static long bytes(Vector features) {
    long dense = 4L * features.size();
    return features instanceof SparseVector sparse
        ? Math.min(dense, 8L * sparse.indices().length)
        : dense;
  }

  private static RowBlock of(
      int index,
      int blocks,
      List<RowFormat.Example> rows,
      FeatureScaling scaling,
      TargetScaling targets,
      float[] zeros) {
    float[] labels = new float[rows.size()];
    float[] weights = new float[rows.size()];
    boolean weighted = false;
    long stored = 0;
    for (int i = 0; i < labels.length; i++) {
      RowFormat.Example row = rows.get(i);
      labels[i] = targets.label(row.label());
      weights[i] = (float) (row.weight() * targets.weight());
      weighted |= weights[i] != 1;
      stored += bytes(row.features());
    }
    int features = scaling.features();
    boolean dense = stored > 3L * labels.length * features;
    Sparse sparse = dense ? null : sparse(rows, zeros);
    float[] values =
        sparse == null ? dense(rows, scaling) : sparseValues(rows, scaling, sparse.indices().length);
    return new RowBlock(
        index, blocks, labels, weighted ? weights : null, values, features, sparse);
  }

  private static float[] dense(List<RowFormat.Example> rows, FeatureScaling scaling) {
    int features = scaling.features();
    float[] values = new float[Math.multiplyExact(rows.size(), features)];
    for (int i = 0; i < rows.size(); i++) {
      scaling.write(rows.get(i).features(), values, i * features);
    }
    return values;
  }

  private static Sparse sparse(List<RowFormat.Example> rows, float[] zeros) {
    int[] ends = new int[rows.size()];
    int[] indices = new int[0];
    List<int[]> all = new ArrayList<>();
    int end = 0;
    for (int i = 0; i < ends.length; i++) {
      int[] of = rows.get(i).features().toSparse().indices();
      all.add(of);
      end += of.length;
      ends[i] = end;
    }
    indices = new int[end];
    for (int i = 0; i < ends.length; i++) {
      int[] of = all.get(i);
      System.arraycopy(of, 0, indices, ends[i] - of.length, of.length);
    }
    return new Sparse(ends, indices, zeros);
  }

  private static float[] sparseValues(
      List<RowFormat.Example> rows, FeatureScaling scaling, int count) {
    float[] values = new float[count];
    int next = 0;
    for (RowFormat.Example row : rows) {
      SparseVector sparse = row.features().toSparse();
      for (int i = 0; i < sparse.indices().length; i++) {
        values[next++] = scaling.scaled(sparse.indices()[i], sparse.values()[i]);
      }
    }
    return values;
  }
}
