package dev.glissade.contrib;

import dev.glissade.Structure;
import dev.glissade.Tensor;
import dev.glissade.algebra.Matrix;
import java.util.Arrays;
import java.util.List;

/**
 * Where the numbers of a leaf's matrices are: that at row i and column j of a matrix is at {@code
 * batches[k] + rows[i] + columns[j]}.
 */
record MatrixView(int[] batches, int[] rows, int[] columns) {

  /** Returns the matrices of a leaf, with the reduction axes as rows. */
  static MatrixView of(String path, Structure.Leaf leaf, DimensionNumbers numbers) {
    int[] rows = numbers.rows(path, leaf);
    int[] columns = numbers.columns(path, leaf);
    int rank = leaf.shape().size();
    boolean[] used = new boolean[rank];
    for (int axis : rows) {
      used[axis] = true;
    }
    for (int axis : columns) {
      used[axis] = true;
    }
    int[] others = new int[rank];
    int count = 0;
    for (int axis = 0; axis < rank; axis++) {
      if (!used[axis]) {
        others[count++] = axis;
      }
    }
    return new MatrixView(
        offsets(leaf.shape(), Arrays.copyOf(others, count)),
        offsets(leaf.shape(), rows),
        offsets(leaf.shape(), columns));
  }

  /** Returns where each index of some axes begins, the last of them fastest. */
  private static int[] offsets(List<Integer> shape, int[] axes) {
    int[] offsets = {0};
    for (int axis : axes) {
      int stride = 1;
      for (int inner = axis + 1; inner < shape.size(); inner++) {
        stride *= shape.get(inner);
      }
      int length = shape.get(axis);
      int[] longer = new int[offsets.length * length];
      for (int i = 0; i < longer.length; i++) {
        longer[i] = offsets[i / length] + i % length * stride;
      }
      offsets = longer;
    }
    return offsets;
  }

  /** Returns this view with at most as many rows as columns: transposed, if it has more. */
  MatrixView wide() {
    return rows.length > columns.length ? transposed() : this;
  }

  /** Returns this view with at least as many rows as columns: transposed, if it has fewer. */
  MatrixView tall() {
    return rows.length < columns.length ? transposed() : this;
  }

  MatrixView transposed() {
    return new MatrixView(batches, columns, rows);
  }

  /** Returns whether the matrices have any numbers. */
  boolean hasNumbers() {
    return rows.length > 0 && columns.length > 0;
  }

  /** Copies one of the matrices of a leaf. */
  Matrix read(Matrix to, Tensor from, int batch) {
    return to.gather(from, batches[batch], rows, columns);
  }

  /** Copies a matrix to one of a leaf. */
  void write(Matrix from, Tensor to, int batch) {
    from.scatter(to, batches[batch], rows, columns);
  }

  /** Returns square matrices, one after the other. */
  static MatrixView square(int batches, int n) {
    MatrixView one = of(n, n);
    return new MatrixView(
        offsets(List.of(batches, n * n), new int[] {0}), one.rows(), one.columns());
  }

  /** Returns the only matrix of a leaf of two axes, the first of which are the rows. */
  static MatrixView of(int rows, int columns) {
    List<Integer> shape = List.of(rows, columns);
    return new MatrixView(
        new int[] {0}, offsets(shape, new int[] {0}), offsets(shape, new int[] {1}));
  }
}
