package dev.glissade.matrix;

import dev.ludovic.netlib.blas.BLAS;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Multiplies by the BLAS routine gemm, which takes column-major matrices: a row-major matrix is the
 * transpose of a column-major one, so it computes C' = op(B)' op(A)'. A product with a single row
 * goes to gemv, which is several times faster there, because it does not copy B first.
 *
 * @param blas a library that computes on the thread that calls it
 * @param parallel whether parts of a product may run on other threads
 */
record NetlibProduct(String library, BLAS blas, boolean parallel) implements MatrixProduct {
  /** How many operations a part has at least; fewer are not worth another thread. */
  private static final double LEAST_OPERATIONS = 8e6;

  private static final int MOST_PARTS = 16;

  /** Parts begin at a multiple of this, a whole number of vectors and of cache lines. */
  private static final int UNIT = 16;

  static MatrixProduct best() {
    BLAS openBlas = Netlib.loaded().openBlas();
    return openBlas == null ? inJava() : new NetlibProduct("OpenBLAS", openBlas, true);
  }

  static MatrixProduct inJava() {
    return new NetlibProduct("Java", Netlib.loaded().java(), true);
  }

  @Override
  public MatrixProduct sequential() {
    return new NetlibProduct(library, blas, false);
  }

  @Override
  public void multiply(ProductShape shape, float[] a, float[] b, float[] c) {
    shape.check(a.length, b.length, c.length);
    if (shape.k() == 0) {
      Arrays.fill(c, 0, shape.m() * shape.n(), 0);
      return;
    }
    run(
        shape,
        (rows, columns, atA, atB, atC) -> {
          int k = shape.k();
          int widthOfA = widthOfA(shape);
          int widthOfB = widthOfB(shape);
          String ofA = letter(shape.transposeA());
          String ofB = letter(shape.transposeB());
          if (rows == 1) {
            int lines = shape.transposeB() ? k : columns;
            int across = shape.transposeB() ? columns : k;
            int step = shape.transposeA() ? shape.m() : 1;
            blas.sgemv(ofB, lines, across, 1, b, atB, widthOfB, a, atA, step, 0, c, atC, 1);
          } else {
            blas.sgemm(
                ofB, ofA, columns, rows, k, 1, b, atB, widthOfB, a, atA, widthOfA, 0, c, atC,
                shape.n());
          }
        });
  }

  @Override
  public void multiply(ProductShape shape, double[] a, double[] b, double[] c) {
    shape.check(a.length, b.length, c.length);
    if (shape.k() == 0) {
      Arrays.fill(c, 0, shape.m() * shape.n(), 0);
      return;
    }
    run(
        shape,
        (rows, columns, atA, atB, atC) -> {
          int k = shape.k();
          int widthOfA = widthOfA(shape);
          int widthOfB = widthOfB(shape);
          String ofA = letter(shape.transposeA());
          String ofB = letter(shape.transposeB());
          if (rows == 1) {
            int lines = shape.transposeB() ? k : columns;
            int across = shape.transposeB() ? columns : k;
            int step = shape.transposeA() ? shape.m() : 1;
            blas.dgemv(ofB, lines, across, 1, b, atB, widthOfB, a, atA, step, 0, c, atC, 1);
          } else {
            blas.dgemm(
                ofB, ofA, columns, rows, k, 1, b, atB, widthOfB, a, atA, widthOfA, 0, c, atC,
                shape.n());
          }
        });
  }

  /** Computes some rows and columns of C; the offsets say where they and their operands begin. */
  private interface Part {
    void compute(int rows, int columns, int atA, int atB, int atC);
  }

  /** Cuts C into parts along its longer side. */
  private void run(ProductShape shape, Part part) {
    if (shape.m() == 0 || shape.n() == 0) {
      return;
    }
    int parts = parts(shape);
    if (parts == 1) {
      part.compute(shape.m(), shape.n(), 0, 0, 0);
      return;
    }
    IntStream indices = IntStream.range(0, parts);
    (parallel ? indices.parallel() : indices).forEach(i -> run(shape, part, i, parts));
  }

  private static void run(ProductShape shape, Part part, int i, int parts) {
    boolean byRows = shape.m() >= shape.n();
    int length = byRows ? shape.m() : shape.n();
    int from = edge(i, parts, length);
    int size = edge(i + 1, parts, length) - from;
    if (size == 0) {
      return;
    }
    if (byRows) {
      int atA = shape.transposeA() ? from : from * shape.k();
      part.compute(size, shape.n(), atA, 0, from * shape.n());
    } else {
      int atB = shape.transposeB() ? from * shape.k() : from;
      part.compute(shape.m(), size, 0, atB, from);
    }
  }

  private static int parts(ProductShape shape) {
    int most = (Math.max(shape.m(), shape.n()) + UNIT - 1) / UNIT;
    int worthwhile = (int) Math.min(MOST_PARTS, shape.operations() / LEAST_OPERATIONS);
    return Math.max(1, Math.min(most, worthwhile));
  }

  private static int edge(int i, int parts, int length) {
    long units = (length + UNIT - 1L) / UNIT;
    return (int) Math.min(length, i * units / parts * UNIT);
  }

  private static String letter(boolean transpose) {
    return transpose ? "T" : "N";
  }

  private static int widthOfA(ProductShape shape) {
    return shape.transposeA() ? shape.m() : shape.k();
  }

  private static int widthOfB(ProductShape shape) {
    return shape.transposeB() ? shape.k() : shape.n();
  }
}
