package dev.glissade.matrix;

import dev.ludovic.netlib.blas.BLAS;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/**
 * Multiplies by the BLAS routine gemm, which takes column-major matrices: a row-major matrix is the
 * transpose of a column-major one, so it computes C' = op(B)' op(A)'. A product with a single row
 * goes to gemv, which is several times faster there, because it does not copy B first.
 *
 * @param blas a library that computes on the thread that calls it
 * @param parallel whether parts of a product may run on other threads
 * @param takesColumns whether the library takes some columns of a row-major matrix
 */
record NetlibProduct(String library, BLAS blas, boolean parallel, boolean takesColumns)
    implements MatrixProduct {
  /** How many operations a part has at least; fewer are not worth another thread. */
  private static final double LEAST_OPERATIONS = 8e6;

  private static final int MOST_PARTS = 16;

  /** Parts begin at a multiple of this, a whole number of vectors and of cache lines. */
  private static final int UNIT = 16;

  static NetlibProduct best() {
    BLAS openBlas = Netlib.loaded().openBlas();
    return openBlas == null
        ? inJava()
        : new NetlibProduct("OpenBLAS", openBlas, true, Netlib.loaded().takesColumns());
  }

  static NetlibProduct inJava() {
    Netlib netlib = Netlib.loaded();
    return new NetlibProduct("Java", netlib.java(), true, netlib.takesColumns());
  }

  @Override
  public MatrixProduct sequential() {
    return new NetlibProduct(library, blas, false, takesColumns);
  }

  @Override
  public void multiply(ProductShape shape, float[] a, float[] b, float[] c) {
    shape.check(a.length, b.length, c.length);
    multiply(shape, 1, a, b, 0, c);
  }

  /** Computes c = alpha op(a) op(b) + beta c. */
  void multiply(ProductShape shape, float alpha, float[] a, float[] b, float beta, float[] c) {
    if (shape.k() == 0) {
      for (int i = 0; i < shape.m() * shape.n(); i++) {
        c[i] = beta == 0 ? 0 : beta * c[i];
      }
      return;
    }
    run(
        shape,
        p -> {
          if (p.rows == 1) {
            blas.sgemv(
                p.ofB(),
                p.lines(),
                p.across(),
                alpha,
                b,
                p.atB,
                p.widthOfB(),
                a,
                p.atA,
                p.stepOfA(),
                beta,
                c,
                p.atC,
                1);
          } else {
            blas.sgemm(
                p.ofB(),
                p.ofA(),
                p.columns,
                p.rows,
                shape.k(),
                alpha,
                b,
                p.atB,
                p.widthOfB(),
                a,
                p.atA,
                p.widthOfA(),
                beta,
                c,
                p.atC,
                shape.n());
          }
        });
  }

  @Override
  public void multiply(ProductShape shape, double[] a, double[] b, double[] c) {
    shape.check(a.length, b.length, c.length);
    multiply(shape, 1, a, b, 0, c);
  }

  /** Computes c = alpha op(a) op(b) + beta c. */
  void multiply(ProductShape shape, double alpha, double[] a, double[] b, double beta, double[] c) {
    if (shape.k() == 0) {
      for (int i = 0; i < shape.m() * shape.n(); i++) {
        c[i] = beta == 0 ? 0 : beta * c[i];
      }
      return;
    }
    run(
        shape,
        p -> {
          if (p.rows == 1) {
            blas.dgemv(
                p.ofB(),
                p.lines(),
                p.across(),
                alpha,
                b,
                p.atB,
                p.widthOfB(),
                a,
                p.atA,
                p.stepOfA(),
                beta,
                c,
                p.atC,
                1);
          } else {
            blas.dgemm(
                p.ofB(),
                p.ofA(),
                p.columns,
                p.rows,
                shape.k(),
                alpha,
                b,
                p.atB,
                p.widthOfB(),
                a,
                p.atA,
                p.widthOfA(),
                beta,
                c,
                p.atC,
                shape.n());
          }
        });
  }

  /** Computes the lower triangle of c = alpha a a' + beta c, where a is n x k. */
  void gram(int n, int k, float alpha, float[] a, float beta, float[] c) {
    if (k == 0) { // which the library refuses
      for (int i = 0; i < n * n; i++) {
        c[i] = beta == 0 ? 0 : beta * c[i];
      }
      return;
    }
    ProductShape shape = ProductShape.of(n, n, k).ofTransposedB();
    int parts = parts(shape, n);
    each(
        parts,
        i -> {
          int from = edgeOfTriangle(i, parts, n);
          int to = edgeOfTriangle(i + 1, parts, n);
          if (from < to) {
            blas.sgemm(
                "T", "N", to, to - from, k, alpha, a, 0, k, a, from * k, k, beta, c, from * n, n);
          }
        });
  }

  /** Computes the lower triangle of c = alpha a a' + beta c, where a is n x k. */
  void gram(int n, int k, double alpha, double[] a, double beta, double[] c) {
    if (k == 0) { // which the library refuses
      for (int i = 0; i < n * n; i++) {
        c[i] = beta == 0 ? 0 : beta * c[i];
      }
      return;
    }
    ProductShape shape = ProductShape.of(n, n, k).ofTransposedB();
    int parts = parts(shape, n);
    each(
        parts,
        i -> {
          int from = edgeOfTriangle(i, parts, n);
          int to = edgeOfTriangle(i + 1, parts, n);
          if (from < to) {
            blas.dgemm(
                "T", "N", to, to - from, k, alpha, a, 0, k, a, from * k, k, beta, c, from * n, n);
          }
        });
  }

  /**
   * Some rows and columns of C, with the arguments of the routines.
   *
   * @param atA where its operand in A begins
   * @param atB where its operand in B begins
   * @param atC where it begins itself
   */
  private record Part(ProductShape shape, int rows, int columns, int atA, int atB, int atC) {
    String ofA() {
      return shape.transposeA() ? "T" : "N";
    }

    String ofB() {
      return shape.transposeB() ? "T" : "N";
    }

    int widthOfA() {
      return shape.transposeA() ? shape.m() : shape.k();
    }

    int widthOfB() {
      return shape.transposeB() ? shape.k() : shape.n();
    }

    /** Returns the rows of B as a column-major matrix. */
    int lines() {
      return shape.transposeB() ? shape.k() : columns;
    }

    /** Returns the columns of B as a column-major matrix. */
    int across() {
      return shape.transposeB() ? columns : shape.k();
    }

    /** Returns the distance between the elements of a single row of op(A). */
    int stepOfA() {
      return shape.transposeA() ? shape.m() : 1;
    }
  }

  /** The sides of C along which it may be cut. */
  private enum Side {
    ROWS,
    COLUMNS,
    NONE
  }

  /** Returns the longer side of C, or another one if the library does not take the parts. */
  private Side side(ProductShape shape) {
    boolean byRows = takesColumns || !shape.transposeA();
    boolean byColumns = takesColumns || shape.transposeB();
    boolean tall = shape.m() >= shape.n();
    if (byRows && (tall || !byColumns)) {
      return Side.ROWS;
    }
    return byColumns ? Side.COLUMNS : Side.NONE;
  }

  /** Cuts C into parts. */
  private void run(ProductShape shape, Consumer<Part> routine) {
    if (shape.m() == 0 || shape.n() == 0) {
      return;
    }
    Side side = side(shape);
    int length = side == Side.ROWS ? shape.m() : side == Side.COLUMNS ? shape.n() : 1;
    int parts = parts(shape, length);
    if (parts == 1) {
      routine.accept(new Part(shape, shape.m(), shape.n(), 0, 0, 0));
      return;
    }
    each(parts, i -> run(shape, routine, side, edge(i, parts, length), edge(i + 1, parts, length)));
  }

  private void each(int parts, IntConsumer part) {
    IntStream indices = IntStream.range(0, parts);
    (parallel && parts > 1 ? indices.parallel() : indices).forEach(part);
  }

  private static void run(ProductShape shape, Consumer<Part> routine, Side side, int from, int to) {
    if (from == to) {
      return;
    }
    if (side == Side.ROWS) {
      int atA = shape.transposeA() ? from : from * shape.k();
      routine.accept(new Part(shape, to - from, shape.n(), atA, 0, from * shape.n()));
    } else {
      int atB = shape.transposeB() ? from * shape.k() : from;
      routine.accept(new Part(shape, shape.m(), to - from, 0, atB, from));
    }
  }

  private static int parts(ProductShape shape, int length) {
    int most = (length + UNIT - 1) / UNIT;
    int worthwhile = (int) Math.min(MOST_PARTS, shape.operations() / LEAST_OPERATIONS);
    return Math.max(1, Math.min(most, worthwhile));
  }

  /** Cuts a triangle into parts of about the same area. */
  private static int edgeOfTriangle(int i, int parts, int length) {
    long units = Math.round(Math.sqrt((double) i / parts) * length / UNIT);
    return i == parts ? length : (int) Math.min(length, units * UNIT);
  }

  private static int edge(int i, int parts, int length) {
    long units = (length + UNIT - 1L) / UNIT;
    return (int) Math.min(length, i * units / parts * UNIT);
  }
}
