package dev.glissade.bench;

import dev.glissade.algebra.MatrixMultiplier;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.openblas.global.openblas;

/**
 * Times the products of matrices that a step of Muon computes on arrays, in turn with the same
 * calls of OpenBLAS on memory of its own, which is the library's peak.
 */
final class ProductBenchmark {
  private static final int ROUNDS = 15;
  private static final int ROW_MAJOR = 101;
  private static final int PLAIN = 111;
  private static final int TRANSPOSED = 112;

  /** A product op(A) B of m x k and k x n. */
  private record Shape(String name, int m, int n, int k, boolean transposeB) {}

  private static final List<Shape> SHAPES =
      List.of(
          new Shape("X X^T of 512 x 512", 512, 512, 512, true),
          new Shape("B X of 512 x 512", 512, 512, 512, false),
          new Shape("X X^T of 1024 x 1024", 1024, 1024, 1024, true),
          new Shape("B X of 1024 x 1024", 1024, 1024, 1024, false),
          new Shape("X X^T of 1024 x 4096", 1024, 1024, 4096, true),
          new Shape("B X of 1024 x 4096", 1024, 4096, 1024, false),
          new Shape("B X of 2048 x 2048", 2048, 2048, 2048, false));

  private ProductBenchmark() {}

  /** Measures all shapes; prints a table and returns it as plain values. */
  static List<Map<String, Object>> measure(PrintWriter out) {
    openblas.blas_set_num_threads(Runtime.getRuntime().availableProcessors());
    out.println("product                 glissade  openblas  GFLOP/s    ratio");
    List<Map<String, Object>> rows = new ArrayList<>();
    for (Shape shape : SHAPES) {
      double[] rates = rates(shape);
      out.printf(
          Locale.ROOT,
          "%-22s %9.1f %9.1f %16.2f%n",
          shape.name(),
          rates[0],
          rates[1],
          rates[0] / rates[1]);
      out.flush();
      rows.add(Map.of("product", shape.name(), "glissade", rates[0], "openblas", rates[1]));
    }
    return rows;
  }

  /** Returns the medians of ours and of the library. */
  private static double[] rates(Shape shape) {
    int m = shape.m();
    int n = shape.n();
    int k = shape.k();
    float[] a = RandomData.random(m * k, 1);
    float[] b = RandomData.random(k * n, 2);
    float[] c = new float[m * n];
    MatrixMultiplier multiplier = MatrixMultiplier.best();
    try (FloatPointer nativeA = new FloatPointer(a);
        FloatPointer nativeB = new FloatPointer(b);
        FloatPointer nativeC = new FloatPointer(c)) {
      int how = shape.transposeB() ? TRANSPOSED : PLAIN;
      int columns = shape.transposeB() ? k : n;
      Runnable ours = () -> multiplier.multiply(m, n, k, 1, a, false, b, shape.transposeB(), 0, c);
      Runnable library =
          () ->
              openblas.cblas_sgemm(
                  ROW_MAJOR, PLAIN, how, m, n, k, 1, nativeA, k, nativeB, columns, 0, nativeC, n);
      double[] mine = new double[ROUNDS];
      double[] theirs = new double[ROUNDS];
      for (int round = -3; round < ROUNDS; round++) { // the first ones warm up
        double one = nanos(ours);
        double other = nanos(library);
        if (round >= 0) {
          mine[round] = one;
          theirs[round] = other;
        }
      }
      double flops = 2.0 * m * n * k;
      return new double[] {flops / median(mine), flops / median(theirs)};
    }
  }

  private static double nanos(Runnable product) {
    long start = System.nanoTime();
    product.run();
    return System.nanoTime() - start;
  }

  private static double median(double[] times) {
    Arrays.sort(times);
    return times[times.length / 2];
  }
}
