package dev.glissade.tribuo;

import org.tribuo.math.la.DenseMatrix;
import org.tribuo.math.la.DenseVector;

/**
 * The numbers of a vector or matrix in one array of ours, and a way to copy them from and to
 * Tribuo's, row by row: Tribuo keeps each row in an array of its own and gives none away, but
 * copies a row to and from a vector such as this.
 */
final class RowBuffer extends DenseVector {
  private static final long serialVersionUID = 1L;

  private final double[] numbers;

  /** Whether this row is all numbers. */
  private final boolean isWhole;

  private RowBuffer(double[] numbers, int rows, int columns) {
    super(rows == 1 ? numbers : new double[columns]);
    this.numbers = numbers;
    this.isWhole = rows == 1;
  }

  /** Returns zeros. */
  static RowBuffer of(int rows, int columns) {
    return new RowBuffer(new double[rows * columns], rows, columns);
  }

  /** Returns all numbers, one row after the other. */
  double[] numbers() {
    return numbers;
  }

  /** Copies the numbers of a matrix. */
  void read(DenseMatrix from) {
    for (int row = 0; row < from.getDimension1Size(); row++) {
      setElements(from.getRow(row));
      if (!isWhole) {
        System.arraycopy(elements, 0, numbers, row * elements.length, elements.length);
      }
    }
  }

  /** Adds a factor times the numbers of a matrix. */
  void add(DenseMatrix from, double factor) {
    for (int row = 0; row < from.getDimension1Size(); row++) {
      add(from.getRow(row), factor, row * elements.length);
    }
  }

  /** Adds a factor times the numbers of a vector to those from an offset on. */
  void add(DenseVector from, double factor, int offset) {
    for (int i = 0; i < from.size(); i++) {
      numbers[offset + i] += factor * from.get(i);
    }
  }

  /** Copies the numbers into a matrix. */
  void write(DenseMatrix to) {
    for (int row = 0; row < to.getDimension1Size(); row++) {
      if (!isWhole) {
        System.arraycopy(numbers, row * elements.length, elements, 0, elements.length);
      }
      to.getRow(row).setElements(this);
    }
  }
}
