package dev.glissade.arena.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The fields of a table as float32, row by row, in blocks of about 4 MB: a table may have more than
 * 2^31 fields, and grows without copies. A number is stored as its distance from the column's
 * offset, so that numbers far from 0, such as timestamps, keep their precision.
 */
final class Cells {
  private static final int BLOCK = (1 << 20) - 16;

  private final double[] offsets;
  private final int rowsPerBlock;
  private final List<float[]> blocks = new ArrayList<>();
  private final long expected;
  private int rows;

  /**
   * @param offsets the offset of each column
   * @param expected the number of rows to expect; fewer or more may come
   */
  Cells(double[] offsets, long expected) {
    this.offsets = offsets;
    this.expected = expected;
    this.rowsPerBlock = Math.max(1, BLOCK / Math.max(1, offsets.length));
  }

  /** Returns the offset of a column with numbers from min to max: 0 unless they are far from 0. */
  static double offset(double min, double max) {
    double farthest = Math.max(Math.abs(min), Math.abs(max));
    return farthest > 16 * (max - min) && Double.isFinite(farthest) ? min : 0;
  }

  void add(double[] fields) {
    int at = rows % rowsPerBlock;
    if (at == 0) {
      long left = Math.max(1, Math.min(rowsPerBlock, expected - rows));
      blocks.add(new float[(int) left * offsets.length]);
    }
    float[] block = blocks.get(blocks.size() - 1);
    int from = at * offsets.length;
    if (from + offsets.length > block.length) {
      int longer = Math.min(rowsPerBlock, 2 * at + 16) * offsets.length;
      block = Arrays.copyOf(block, longer);
      blocks.set(blocks.size() - 1, block);
    }
    for (int column = 0; column < offsets.length; column++) {
      block[from + column] = (float) (fields[column] - offsets[column]);
    }
    rows++;
  }

  int rows() {
    return rows;
  }

  double get(int row, int column) {
    float[] block = blocks.get(row / rowsPerBlock);
    return offsets[column] + block[row % rowsPerBlock * offsets.length + column];
  }

  /** Writes the inputs of a row to target[at], target[at + 1], ... */
  void encode(int row, ColumnEncoding[] encodings, float[] target, int at) {
    float[] block = blocks.get(row / rowsPerBlock);
    int from = row % rowsPerBlock * offsets.length;
    int to = at;
    for (int column = 0; column < encodings.length; column++) {
      ColumnEncoding encoding = encodings[column];
      encoding.encode(offsets[column] + block[from + column], target, to);
      to += encoding.width();
    }
  }
}
