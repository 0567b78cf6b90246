package dev.glissade.tribuo;

import org.tribuo.math.la.DenseMatrix;
import org.tribuo.math.la.DenseVector;

/**
 * A vector of Tribuo on an array that we can read and write, to move numbers to and from its dense
 * vectors and matrices row by row: Tribuo keeps each row in an array of its own and gives none
 * away.
 */
final class RowBuffer extends DenseVector {
  private static final long serialVersionUID = 1L;

  /** Whether this buffer is on the array that it copies to and from. */
  private final boolean isWhole;

  /**
   * Creates a buffer for the rows of a matrix.
   *
   * @param numbers all numbers of the matrix; a matrix of one row needs no memory besides
   */
  RowBuffer(double[] numbers, int rows, int columns) {
    super(rows == 1 ? numbers : new double[columns]);
    this.isWhole = rows == 1;
  }

  /** Copies a matrix's rows one after the other into the array of all numbers. */
  void read(DenseMatrix from, double[] to) {
    for (int row = 0; row < from.getDimension1Size(); row++) {
      setElements(from.getRow(row));
      copy(elements, 0, to, row * elements.length);
    }
  }

  /** Adds a factor times a matrix's rows to an array. */
  void add(DenseMatrix from, double factor, double[] to) {
    for (int row = 0; row < from.getDimension1Size(); row++) {
      add(from.getRow(row), factor, to, row * from.getDimension2Size());
    }
  }

  /** Adds a factor times a vector to a part of an array. */
  static void add(DenseVector from, double factor, double[] to, int offset) {
    for (int i = 0; i < from.size(); i++) {
      to[offset + i] += factor * from.get(i);
    }
  }

  /** Copies the array of all numbers into a matrix's rows. */
  void write(double[] from, DenseMatrix to) {
    for (int row = 0; row < to.getDimension1Size(); row++) {
      copy(from, row * elements.length, elements, 0);
      to.getRow(row).setElements(this);
    }
  }

  private void copy(double[] from, int fromOffset, double[] to, int toOffset) {
    if (!isWhole) {
      System.arraycopy(from, fromOffset, to, toOffset, elements.length);
    }
  }
}
