package dev.glissade.arena.data;

import java.util.Arrays;
import java.util.stream.IntStream;

/** Shows what a table holds. */
final class Tables {
  private Tables() {}

  /** Returns the fields that become inputs, row by row. */
  static double[] values(Table table) {
    int columns = ((Encoding.Columns) table.encoding().inputs()).columns().size();
    double[] values = new double[table.rows().cells().rows() * columns];
    Arrays.setAll(values, i -> table.rows().cells().get(i / columns, i % columns));
    return values;
  }

  /** Returns the class of each row. */
  static int[] labels(Table table) {
    Labels labels = table.rows().labels();
    return IntStream.range(0, labels.size()).map(labels::classOf).toArray();
  }

  /** Returns the inputs of the train part, row by row. */
  static float[] inputs(Dataset data) {
    return data.inputs();
  }
}
