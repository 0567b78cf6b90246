package dev.glissade.algebra;

import dev.glissade.DType;
import dev.glissade.Tensor;
import dev.glissade.records.Check;

/**
 * A dense row-major matrix of float32 or float64 numbers, for functions that a step calls between
 * passes. It keeps its array and only grows it, so that steps allocate nothing: set its shape, and
 * overwrite all of its numbers. Not for use by several threads at a time.
 *
 * <p>All matrices of one product have one type.
 */
public final class Matrix {
  /** Rows and columns of a block that fits into the first-level cache twice. */
  private static final int BLOCK = 32;

  private final boolean wide;
  private final MatrixMultiplier multiplier;
  private float[] floats = {};
  private double[] doubles = {};
  private int rows;
  private int columns;

  /**
   * Makes a matrix without rows.
   *
   * @param dtype the type of its numbers, float32 or float64
   * @param multiplier computes the products
   * @throws IllegalArgumentException if the type is another one
   */
  public Matrix(DType dtype, MatrixMultiplier multiplier) {
    Check.that(
        dtype == DType.FLOAT32 || dtype == DType.FLOAT64,
        "the type of a matrix must be float32 or float64",
        dtype);
    this.wide = dtype == DType.FLOAT64;
    this.multiplier = multiplier;
  }

  /**
   * Sets the shape; the numbers are then any.
   *
   * @param rows the number of rows
   * @param columns the number of columns
   * @return this matrix
   */
  public Matrix reshape(int rows, int columns) {
    int size = Math.multiplyExact(rows, columns);
    if (wide && doubles.length < size) {
      doubles = new double[size];
    } else if (!wide && floats.length < size) {
      floats = new float[size];
    }
    this.rows = rows;
    this.columns = columns;
    return this;
  }

  /** {@return the number of rows} */
  public int rows() {
    return rows;
  }

  /** {@return the number of columns} */
  public int columns() {
    return columns;
  }

  /**
   * {@return one number}
   *
   * @param row its row
   * @param column its column
   */
  public double get(int row, int column) {
    int at = row * columns + column;
    return wide ? doubles[at] : floats[at];
  }

  /**
   * Copies a part of a tensor: the number at (i, j) is that at {@code base + rowAt[i] +
   * columnAt[j]}. So the tensor's axes may be in any order.
   *
   * @param from a real tensor; one of a 16-bit type, or on a buffer, costs a copy
   * @param base where the part begins
   * @param rowAt where each row begins; sets the number of rows
   * @param columnAt where each column begins; sets the number of columns
   * @return this matrix
   */
  public Matrix gather(Tensor from, int base, int[] rowAt, int[] columnAt) {
    reshape(rowAt.length, columnAt.length);
    if (!wide) {
      float[] source = from.array() instanceof float[] direct ? direct : from.toFloats();
      gather(source, base, rowAt, columnAt, floats);
    } else if (from.array() instanceof float[] source) {
      gather(source, base, rowAt, columnAt, doubles);
    } else {
      double[] source = from.array() instanceof double[] direct ? direct : from.toDoubles();
      gather(source, base, rowAt, columnAt, doubles);
    }
    return this;
  }

  private static void gather(float[] from, int base, int[] rowAt, int[] columnAt, float[] to) {
    int at = 0;
    for (int row : rowAt) {
      for (int column : columnAt) {
        to[at++] = from[base + row + column];
      }
    }
  }

  private static void gather(float[] from, int base, int[] rowAt, int[] columnAt, double[] to) {
    int at = 0;
    for (int row : rowAt) {
      for (int column : columnAt) {
        to[at++] = from[base + row + column];
      }
    }
  }

  private static void gather(double[] from, int base, int[] rowAt, int[] columnAt, double[] to) {
    int at = 0;
    for (int row : rowAt) {
      for (int column : columnAt) {
        to[at++] = from[base + row + column];
      }
    }
  }

  /**
   * Copies the numbers to a part of a tensor, as {@link #gather} takes them from one.
   *
   * @param to a float32 or float64 tensor that is the result of a host function
   * @param base where the part begins
   * @param rowAt where each row begins
   * @param columnAt where each column begins
   */
  public void scatter(Tensor to, int base, int[] rowAt, int[] columnAt) {
    int at = 0;
    if (to.array() instanceof double[] target) {
      for (int row : rowAt) {
        for (int column : columnAt) {
          target[base + row + column] = wide ? doubles[at] : floats[at];
          at++;
        }
      }
    } else {
      float[] target = (float[]) to.array();
      for (int row : rowAt) {
        for (int column : columnAt) {
          target[base + row + column] = wide ? (float) doubles[at] : floats[at];
          at++;
        }
      }
    }
  }

  /**
   * Copies another matrix.
   *
   * @param other a matrix of this type
   * @return this matrix
   */
  public Matrix copy(Matrix other) {
    reshape(other.rows, other.columns);
    if (wide) {
      System.arraycopy(other.doubles, 0, doubles, 0, rows * columns);
    } else {
      System.arraycopy(other.floats, 0, floats, 0, rows * columns);
    }
    return this;
  }

  /**
   * Copies the transpose of another matrix.
   *
   * @param other a matrix of this type, not this one
   * @return this matrix
   */
  public Matrix copyTransposed(Matrix other) {
    reshape(other.columns, other.rows);
    for (int at = 0; at < rows * columns; at++) {
      int from = at % columns * rows + at / columns;
      if (wide) {
        doubles[at] = other.doubles[from];
      } else {
        floats[at] = other.floats[from];
      }
    }
    return this;
  }

  /**
   * Copies rows of another matrix over rows of this one.
   *
   * @param to the first row to overwrite
   * @param from a matrix of this type, with as many columns
   * @param first the first row to copy
   * @param count the number of rows
   * @return this matrix
   * @throws IllegalArgumentException if the other has another number of columns
   */
  public Matrix copyRows(int to, Matrix from, int first, int count) {
    requireEqual("columns", columns, from.columns);
    Object source = wide ? from.doubles : from.floats;
    Object target = wide ? doubles : floats;
    System.arraycopy(source, first * columns, target, to * columns, count * columns);
    return this;
  }

  /**
   * Computes alpha a b + beta this. With a beta of 0 it takes the shape of the product.
   *
   * @param alpha the factor of the product
   * @param a a matrix of this type, not this one
   * @param b a matrix of this type, not this one
   * @param beta the factor of the numbers before
   * @return this matrix
   */
  public Matrix product(double alpha, Matrix a, Matrix b, double beta) {
    return product(alpha, a, false, b, false, beta);
  }

  /**
   * Computes alpha op(a) op(b) + beta this. With a beta of 0 it takes the shape of the product.
   *
   * @param alpha the factor of the product
   * @param a a matrix of this type, not this one
   * @param transposeA whether op(a) is the transpose of a
   * @param b a matrix of this type, not this one
   * @param transposeB whether op(b) is the transpose of b
   * @param beta the factor of the numbers before
   * @return this matrix
   * @throws IllegalArgumentException if the shapes don't fit
   */
  public Matrix product(
      double alpha, Matrix a, boolean transposeA, Matrix b, boolean transposeB, double beta) {
    int m = transposeA ? a.columns : a.rows;
    int k = transposeA ? a.rows : a.columns;
    int n = transposeB ? b.rows : b.columns;
    requireEqual("rows of the second factor", k, transposeB ? b.columns : b.rows);
    shapeFor(m, n, beta);
    if (wide) {
      multiplier.multiply(
          m, n, k, alpha, a.doubles, transposeA, b.doubles, transposeB, beta, doubles);
    } else {
      multiplier.multiply(m, n, k, alpha, a.floats, transposeA, b.floats, transposeB, beta, floats);
    }
    return this;
  }

  /**
   * Computes alpha a a' + beta this, for a symmetric this, with half of the operations of a
   * product. With a beta of 0 it takes the shape of the product.
   *
   * @param alpha the factor of the product
   * @param a a matrix of this type, not this one
   * @param beta the factor of the numbers before
   * @return this matrix
   * @throws IllegalArgumentException if the shapes don't fit
   */
  public Matrix gram(double alpha, Matrix a, double beta) {
    shapeFor(a.rows, a.rows, beta);
    if (wide) {
      multiplier.gram(a.rows, a.columns, alpha, a.doubles, beta, doubles);
    } else {
      multiplier.gram(a.rows, a.columns, alpha, a.floats, beta, floats);
    }
    for (int i = 0; i < rows; i += BLOCK) {
      for (int j = 0; j <= i; j += BLOCK) {
        mirror(i, j);
      }
    }
    return this;
  }

  /** Copies a block below the diagonal, or on it, to above it. */
  private void mirror(int fromRow, int fromColumn) {
    int toRow = Math.min(fromRow + BLOCK, rows);
    for (int i = fromRow; i < toRow; i++) {
      int toColumn = Math.min(fromColumn + BLOCK, i);
      for (int j = fromColumn; j < toColumn && wide; j++) {
        doubles[j * columns + i] = doubles[i * columns + j];
      }
      for (int j = fromColumn; j < toColumn && !wide; j++) {
        floats[j * columns + i] = floats[i * columns + j];
      }
    }
  }

  private void shapeFor(int m, int n, double beta) {
    if (beta == 0) {
      reshape(m, n);
    }
    requireEqual("rows of the product", rows, m);
    requireEqual("columns of the product", columns, n);
  }

  private static void requireEqual(String what, int want, int have) {
    if (want != have) {
      throw new IllegalArgumentException(
          "the number of %s must be %d, but was %d".formatted(what, want, have));
    }
  }

  /**
   * Replaces a symmetric matrix by its orthonormal eigenvectors, one in each row, in the order of
   * ascending eigenvalues.
   *
   * @param decomposer computes them
   * @return this matrix
   * @throws IllegalArgumentException if the type is float32, or a number is not finite
   */
  public Matrix eigenvectors(MatrixDecomposer decomposer) {
    requireEqual("columns", rows, columns);
    makeNormOne();
    if (rows > 0) {
      decomposer.eigenvectors(rows, doubles, new double[rows]);
    }
    return this;
  }

  /**
   * Replaces a matrix A by the factor Q of A = Q R: its columns are orthonormal, and R has no
   * negative number on its diagonal.
   *
   * @param decomposer computes it
   * @return this matrix
   * @throws IllegalArgumentException if there are more columns than rows, the type is float32, or a
   *     number is not finite
   */
  public Matrix orthonormalize(MatrixDecomposer decomposer) {
    Check.that(
        columns <= rows,
        "the number of columns must be at most the %d rows".formatted(rows),
        columns);
    makeNormOne();
    if (columns > 0) {
      decomposer.orthonormalize(rows, columns, doubles);
    }
    return this;
  }

  /** Divides by the norm, so that no square of a number that matters overflows or underflows. */
  private void makeNormOne() {
    Check.that(wide, "the type of a matrix to decompose must be float64", DType.FLOAT32);
    double norm = norm();
    Check.that(Double.isFinite(norm), "the norm of a matrix to decompose must be finite", norm);
    if (norm > 0) {
      divide(norm);
    }
  }

  /**
   * Multiplies all numbers.
   *
   * @param factor the factor
   * @return this matrix
   */
  public Matrix scale(double factor) {
    int size = rows * columns;
    for (int i = 0; i < size && wide; i++) {
      doubles[i] *= factor;
    }
    for (int i = 0; i < size && !wide; i++) {
      floats[i] = (float) (floats[i] * factor);
    }
    return this;
  }

  /**
   * Divides all numbers.
   *
   * @param divisor the divisor
   * @return this matrix
   */
  public Matrix divide(double divisor) {
    int size = rows * columns;
    for (int i = 0; i < size && wide; i++) {
      doubles[i] /= divisor;
    }
    for (int i = 0; i < size && !wide; i++) {
      floats[i] = (float) (floats[i] / divisor);
    }
    return this;
  }

  /**
   * Multiplies each row by a factor of its own.
   *
   * @param factors a factor for each row, and maybe more
   * @return this matrix
   */
  public Matrix scaleRows(double[] factors) {
    for (int i = 0; i < rows; i++) {
      int end = (i + 1) * columns;
      for (int at = i * columns; at < end && wide; at++) {
        doubles[at] *= factors[i];
      }
      for (int at = i * columns; at < end && !wide; at++) {
        floats[at] = (float) (floats[at] * factors[i]);
      }
    }
    return this;
  }

  /**
   * Multiplies each column by a factor of its own.
   *
   * @param factors a factor for each column, and maybe more
   * @return this matrix
   */
  public Matrix scaleColumns(double[] factors) {
    for (int i = 0; i < rows; i++) {
      int row = i * columns;
      for (int j = 0; j < columns && wide; j++) {
        doubles[row + j] *= factors[j];
      }
      for (int j = 0; j < columns && !wide; j++) {
        floats[row + j] = (float) (floats[row + j] * factors[j]);
      }
    }
    return this;
  }

  /**
   * Computes the sum of the absolute values of each row.
   *
   * @param sums receives the sums; at least as long as there are rows
   */
  public void absoluteRowSums(double[] sums) {
    for (int i = 0; i < rows; i++) {
      double sum = 0;
      for (int j = 0; j < columns; j++) {
        sum += Math.abs(get(i, j));
      }
      sums[i] = sum;
    }
  }

  /** {@return the root of the sum of squares, which neither overflows nor underflows} */
  public double norm() {
    double sum = wide ? sumOfSquares(doubles) : sumOfSquares(floats);
    boolean exact = sum >= 0x1p-900 && sum <= Double.MAX_VALUE;
    return exact || Double.isNaN(sum) ? Math.sqrt(sum) : scaledNorm();
  }

  private double scaledNorm() {
    double largest = 0;
    for (int i = 0; i < rows * columns; i++) {
      largest = Math.max(largest, Math.abs(wide ? doubles[i] : floats[i]));
    }
    if (largest == 0 || Double.isInfinite(largest)) {
      return largest;
    }
    double sum = 0;
    for (int i = 0; i < rows * columns; i++) {
      double scaled = (wide ? doubles[i] : floats[i]) / largest;
      sum += scaled * scaled;
    }
    return largest * Math.sqrt(sum);
  }

  /** Adds up in two sums, which don't wait for each other. */
  private double sumOfSquares(double[] numbers) {
    double even = 0;
    double odd = 0;
    int size = rows * columns;
    for (int i = 1; i < size; i += 2) {
      even += numbers[i - 1] * numbers[i - 1];
      odd += numbers[i] * numbers[i];
    }
    double last = size % 2 == 0 ? 0 : numbers[size - 1];
    return even + odd + last * last;
  }

  private double sumOfSquares(float[] numbers) {
    double even = 0;
    double odd = 0;
    int size = rows * columns;
    for (int i = 1; i < size; i += 2) {
      double first = numbers[i - 1];
      double second = numbers[i];
      even += first * first;
      odd += second * second;
    }
    double last = size % 2 == 0 ? 0 : numbers[size - 1];
    return even + odd + last * last;
  }

  /** Adds a row times a factor to a vector. */
  void addRow(int row, double factor, double[] to) {
    int at = row * columns;
    for (int j = 0; j < columns && wide; j++) {
      to[j] += factor * doubles[at + j];
    }
    for (int j = 0; j < columns && !wide; j++) {
      to[j] += factor * floats[at + j];
    }
  }

  /** Returns the inner product of a row and a vector. */
  double rowTimes(int row, double[] vector) {
    int at = row * columns;
    double sum = 0;
    for (int j = 0; j < columns; j++) {
      sum += (wide ? doubles[at + j] : floats[at + j]) * vector[j];
    }
    return sum;
  }

  boolean isWide() {
    return wide;
  }
}
