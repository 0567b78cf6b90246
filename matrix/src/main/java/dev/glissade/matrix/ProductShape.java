package dev.glissade.matrix;

/**
 * The shape of a product C = op(A) op(B) of row-major matrices, where op(A) is m x k, op(B) is k x
 * n and C is m x n.
 *
 * @param m the number of rows of C
 * @param n the number of columns of C
 * @param k the length of the sums
 * @param transposeA whether A is stored as k x m, so that op(A) is its transpose
 * @param transposeB whether B is stored as n x k, so that op(B) is its transpose
 */
public record ProductShape(int m, int n, int k, boolean transposeA, boolean transposeB) {
  /**
   * Checks the lengths.
   *
   * @throws IllegalArgumentException if a length is negative or a matrix has 2^31 elements or more
   */
  public ProductShape {
    if (m < 0 || n < 0 || k < 0) {
      throw new IllegalArgumentException(
          "the lengths of a product must not be negative, but were %d, %d and %d"
              .formatted(m, n, k));
    }
    checkSize("A", m, k);
    checkSize("B", k, n);
    checkSize("C", m, n);
  }

  /**
   * {@return the shape of A B, both as they are}
   *
   * @param m the number of rows of A
   * @param n the number of columns of B
   * @param k the number of columns of A and rows of B
   */
  public static ProductShape of(int m, int n, int k) {
    return new ProductShape(m, n, k, false, false);
  }

  /** {@return this shape with the transpose of an A that is stored as k x m} */
  public ProductShape ofTransposedA() {
    return new ProductShape(m, n, k, true, transposeB);
  }

  /** {@return this shape with the transpose of a B that is stored as n x k} */
  public ProductShape ofTransposedB() {
    return new ProductShape(m, n, k, transposeA, true);
  }

  /** {@return the number of multiplications and additions, 2 m n k} */
  public double operations() {
    return 2.0 * m * n * k;
  }

  void check(int lengthA, int lengthB, int lengthC) {
    checkLength("a", lengthA, m * k);
    checkLength("b", lengthB, k * n);
    checkLength("c", lengthC, m * n);
  }

  private static void checkLength(String name, int length, int needed) {
    if (length < needed) {
      throw new IllegalArgumentException(
          "%s must have at least %d elements, but had %d".formatted(name, needed, length));
    }
  }

  private static void checkSize(String name, int rows, int columns) {
    if ((long) rows * columns > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "%s must have at most 2^31 - 1 elements, but had %d x %d".formatted(name, rows, columns));
    }
  }
}
