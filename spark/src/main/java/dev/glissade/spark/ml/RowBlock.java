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
 * Some rows: scaled features in float32, labels and weights. Rows that are mostly zeros are stored
 * as their other numbers.
 *
 * @param start the number of the first row in the dataset
 * @param labels the scaled label of each row
 * @param weights the scaled weight of each row; null if all are 1
 * @param values the features, row after row; of sparse rows, those that are stored
 * @param features the number of features
 * @param sparse where sparse rows have their values; null for dense rows
 */
record RowBlock(
    long start,
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
   */
  record Sparse(int[] ends, int[] indices) implements Serializable {}

  /**
   * What rows become.
   *
   * @param features how features are scaled
   * @param labelMean what is subtracted from a label
   * @param labelFactor what a label is multiplied by then
   * @param weight what a weight is multiplied by, so that they are 1 on average
   * @param mostRows the number of rows of a block, at most
   */
  record Scale(
      FeatureScaling features, double labelMean, double labelFactor, double weight, long mostRows)
      implements Serializable {}

  int rows() {
    return labels.length;
  }

  float weight(int row) {
    return weights == null ? 1 : weights[row];
  }

  /**
   * Copies the features of a row.
   *
   * @param zeros the features of a row of zeros
   */
  void copy(int row, float[] zeros, float[] target, int offset) {
    if (sparse == null) {
      System.arraycopy(values, row * features, target, offset, features);
      return;
    }
    System.arraycopy(zeros, 0, target, offset, features);
    for (int i = row == 0 ? 0 : sparse.ends()[row - 1]; i < sparse.ends()[row]; i++) {
      target[offset + sparse.indices()[i]] = values[i];
    }
  }

  /**
   * Returns the blocks of a partition, about 1 MB each at most.
   *
   * @param start the number of the first row
   * @param expected the number of rows that the partition had before
   * @throws IllegalStateException if the partition has other rows than before
   */
  static Iterator<RowBlock> blocks(
      Iterator<Row> rows, RowFormat format, Scale scale, long start, long expected) {
    return new Iterator<>() {
      private long taken;

      @Override
      public boolean hasNext() {
        if (!rows.hasNext() && taken != expected) {
          throw changed("it had %d rows, and then %d".formatted(expected, taken));
        }
        return rows.hasNext();
      }

      @Override
      public RowBlock next() {
        List<RowFormat.Example> some = new ArrayList<>();
        long bytes = 0;
        while (rows.hasNext() && bytes < BYTES && some.size() < scale.mostRows()) {
          RowFormat.Example example = checked(rows.next(), format, scale.features().features());
          some.add(example);
          bytes += bytes(example.features());
        }
        RowBlock block = of(start + taken, some, scale);
        taken += some.size();
        return block;
      }
    };
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

  private static RowBlock of(long start, List<RowFormat.Example> rows, Scale scale) {
    float[] labels = new float[rows.size()];
    float[] weights = new float[rows.size()];
    boolean weighted = false;
    long stored = 0;
    for (int i = 0; i < labels.length; i++) {
      RowFormat.Example row = rows.get(i);
      labels[i] = (float) ((row.label() - scale.labelMean()) * scale.labelFactor());
      weights[i] = (float) (row.weight() * scale.weight());
      weighted |= weights[i] != 1;
      stored += bytes(row.features());
    }
    int features = scale.features().features();
    Sparse sparse = stored > 3L * labels.length * features ? null : sparse(rows);
    float[] values =
        sparse == null
            ? dense(rows, scale.features())
            : sparseValues(rows, scale.features(), sparse.indices().length);
    return new RowBlock(start, labels, weighted ? weights : null, values, features, sparse);
  }

  private static float[] dense(List<RowFormat.Example> rows, FeatureScaling scaling) {
    int features = scaling.features();
    float[] values = new float[Math.multiplyExact(rows.size(), features)];
    for (int i = 0; i < rows.size(); i++) {
      scaling.write(rows.get(i).features(), values, i * features);
    }
    return values;
  }

  private static Sparse sparse(List<RowFormat.Example> rows) {
    int[] ends = new int[rows.size()];
    int end = 0;
    for (int i = 0; i < ends.length; i++) {
      end += rows.get(i).features().toSparse().indices().length;
      ends[i] = end;
    }
    int[] indices = new int[end];
    for (int i = 0; i < ends.length; i++) {
      int[] of = rows.get(i).features().toSparse().indices();
      System.arraycopy(of, 0, indices, ends[i] - of.length, of.length);
    }
    return new Sparse(ends, indices);
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
