package dev.glissade.algebra;

import java.util.Arrays;

/**
 * Products in Java alone. Some rows of op(B) are copied to arrays of their own, so that the
 * innermost loop, over five arrays under one index, is one that the compiler vectorizes.
 */
final class JavaMultiplier implements MatrixMultiplier {
  /** Columns of a panel: a row of sums and four rows of the panel stay in the first-level cache. */
  private static final int WIDTH = 512;

  /** Rows of a panel, which stays in the second-level cache; a multiple of 4. */
  private static final int DEPTH = 256;

  private static final ThreadLocal<FloatPanel> FLOATS = ThreadLocal.withInitial(FloatPanel::new);
  private static final ThreadLocal<DoublePanel> DOUBLES = ThreadLocal.withInitial(DoublePanel::new);

  @Override
  public String library() {
    return "Java";
  }

  @Override
  public void multiply(
      int m,
      int n,
      int k,
      double alpha,
      float[] a,
      boolean transposeA,
      float[] b,
      boolean transposeB,
      double beta,
      float[] c) {
    scale(c, m * n, beta);
    FloatPanel panel = FLOATS.get();
    for (int p = 0; p < k; p += DEPTH) {
      for (int j = 0; j < n; j += WIDTH) {
        panel.load(b, transposeB, p, k, j, n);
        for (int i = 0; i < m; i++) {
          int atA = transposeA ? p * m + i : i * k + p;
          panel.addTo(c, i * n + j, alpha, a, atA, transposeA ? m : 1);
        }
      }
    }
  }

  @Override
  public void gram(int n, int k, double alpha, float[] a, double beta, float[] c) {
    scale(c, n * n, beta);
    FloatPanel panel = FLOATS.get();
    for (int p = 0; p < k; p += DEPTH) {
      for (int j = 0; j < n; j += WIDTH) {
        panel.load(a, true, p, k, j, n);
        for (int i = j; i < n; i++) {
          panel.addTo(c, i * n + j, alpha, a, i * k + p, 1);
        }
      }
    }
  }

  private static void scale(float[] c, int size, double beta) {
    if (beta == 0) {
      Arrays.fill(c, 0, size, 0);
    }
    float factor = (float) beta;
    for (int i = 0; i < size && beta != 0; i++) {
      c[i] *= factor;
    }
  }

  @Override
  public void multiply(
      int m,
      int n,
      int k,
      double alpha,
      double[] a,
      boolean transposeA,
      double[] b,
      boolean transposeB,
      double beta,
      double[] c) {
    scale(c, m * n, beta);
    DoublePanel panel = DOUBLES.get();
    for (int p = 0; p < k; p += DEPTH) {
      for (int j = 0; j < n; j += WIDTH) {
        panel.load(b, transposeB, p, k, j, n);
        for (int i = 0; i < m; i++) {
          int atA = transposeA ? p * m + i : i * k + p;
          panel.addTo(c, i * n + j, alpha, a, atA, transposeA ? m : 1);
        }
      }
    }
  }

  @Override
  public void gram(int n, int k, double alpha, double[] a, double beta, double[] c) {
    scale(c, n * n, beta);
    DoublePanel panel = DOUBLES.get();
    for (int p = 0; p < k; p += DEPTH) {
      for (int j = 0; j < n; j += WIDTH) {
        panel.load(a, true, p, k, j, n);
        for (int i = j; i < n; i++) {
          panel.addTo(c, i * n + j, alpha, a, i * k + p, 1);
        }
      }
    }
  }

  private static void scale(double[] c, int size, double beta) {
    if (beta == 0) {
      Arrays.fill(c, 0, size, 0);
    }
    double factor = beta;
    for (int i = 0; i < size && beta != 0; i++) {
      c[i] *= factor;
    }
  }

  /** A part of op(B), and a row of sums. */
  private static final class FloatPanel {
    private final float[][] rows = new float[DEPTH][WIDTH];
    private final float[] factors = new float[DEPTH];
    private final float[] sums = new float[WIDTH];
    private int depth;
    private int width;

    /** Copies the part of op(B), which is k x n, that begins at row p and column j. */
    void load(float[] b, boolean transpose, int p, int k, int j, int n) {
      depth = Math.min(DEPTH, k - p);
      width = Math.min(WIDTH, n - j);
      for (int q = 0; q < depth && !transpose; q++) {
        System.arraycopy(b, (p + q) * n + j, rows[q], 0, width);
      }
      for (int i = 0; i < width && transpose; i++) {
        int at = (j + i) * k + p;
        for (int q = 0; q < depth; q++) {
          rows[q][i] = b[at + q];
        }
      }
      for (int q = depth; q % 4 != 0; q++) {
        Arrays.fill(rows[q], 0);
      }
      Arrays.fill(factors, 0);
    }

    /** Adds alpha times a row of op(A), whose elements are a step apart, times this part. */
    void addTo(float[] c, int atC, double alpha, float[] a, int atA, int step) {
      for (int q = 0; q < depth; q++) {
        factors[q] = (float) alpha * a[atA + q * step];
      }
      System.arraycopy(c, atC, sums, 0, width);
      for (int q = 0; q < depth; q += 4) {
        add(q, rows[q], rows[q + 1], rows[q + 2], rows[q + 3]);
      }
      System.arraycopy(sums, 0, c, atC, width);
    }

    private void add(int q, float[] b0, float[] b1, float[] b2, float[] b3) {
      float a0 = factors[q];
      float a1 = factors[q + 1];
      float a2 = factors[q + 2];
      float a3 = factors[q + 3];
      float[] out = sums;
      int size = width;
      for (int i = 0; i < size; i++) {
        out[i] = out[i] + a0 * b0[i] + a1 * b1[i] + a2 * b2[i] + a3 * b3[i];
      }
    }
  }

  /** A part of op(B), and a row of sums. */
  private static final class DoublePanel {
    private final double[][] rows = new double[DEPTH][WIDTH];
    private final double[] factors = new double[DEPTH];
    private final double[] sums = new double[WIDTH];
    private int depth;
    private int width;

    /** Copies the part of op(B), which is k x n, that begins at row p and column j. */
    void load(double[] b, boolean transpose, int p, int k, int j, int n) {
      depth = Math.min(DEPTH, k - p);
      width = Math.min(WIDTH, n - j);
      for (int q = 0; q < depth && !transpose; q++) {
        System.arraycopy(b, (p + q) * n + j, rows[q], 0, width);
      }
      for (int i = 0; i < width && transpose; i++) {
        int at = (j + i) * k + p;
        for (int q = 0; q < depth; q++) {
          rows[q][i] = b[at + q];
        }
      }
      for (int q = depth; q % 4 != 0; q++) {
        Arrays.fill(rows[q], 0);
      }
      Arrays.fill(factors, 0);
    }

    /** Adds alpha times a row of op(A), whose elements are a step apart, times this part. */
    void addTo(double[] c, int atC, double alpha, double[] a, int atA, int step) {
      for (int q = 0; q < depth; q++) {
        factors[q] = alpha * a[atA + q * step];
      }
      System.arraycopy(c, atC, sums, 0, width);
      for (int q = 0; q < depth; q += 4) {
        add(q, rows[q], rows[q + 1], rows[q + 2], rows[q + 3]);
      }
      System.arraycopy(sums, 0, c, atC, width);
    }

    private void add(int q, double[] b0, double[] b1, double[] b2, double[] b3) {
      double a0 = factors[q];
      double a1 = factors[q + 1];
      double a2 = factors[q + 2];
      double a3 = factors[q + 3];
      double[] out = sums;
      int size = width;
      for (int i = 0; i < size; i++) {
        out[i] = out[i] + a0 * b0[i] + a1 * b1[i] + a2 * b2[i] + a3 * b3[i];
      }
    }
  }
}
