package dev.glissade.algebra;

import java.util.Arrays;
import java.util.Comparator;

/**
 * Diagonalizes a tridiagonal matrix by implicit QR steps with Wilkinson's shift (Golub and Van
 * Loan, "Matrix Computations", 4th edition, algorithms 8.3.2 and 8.3.3).
 *
 * <p>The steps turn pairs of eigenvectors. These turns are written down first, and then applied to
 * some columns of all eigenvectors at a time, which stay in the cache.
 */
final class QrIterations {
  /** Columns of a panel. */
  private static final int WIDTH = 64;

  /** Turns to write down at most before they are applied. */
  private static final int TURNS = 1 << 16;

  /** More steps than any matrix needs, about two for each eigenvalue; a bound for all events. */
  private static final int STEPS = 60;

  private static final double UNIT = 0x1p-53;

  private final int n;
  private final double[] d;
  private final double[] e;

  /** Some columns of all eigenvectors. */
  private final double[][][] panels;

  private final int[] turned;
  private final double[] cosines;
  private final double[] sines;
  private int turns;

  QrIterations(TridiagonalForm form) {
    this.n = form.diagonal().length;
    this.d = form.diagonal();
    this.e = form.side();
    int size = (int) Math.min(TURNS, (long) n * n);
    this.turned = new int[size];
    this.cosines = new double[size];
    this.sines = new double[size];
    this.panels = new double[(n + WIDTH - 1) / WIDTH][n][WIDTH];
    for (int column = 0; column < n; column++) {
      double[][] panel = panels[column / WIDTH];
      for (int i = 0; i < n; i++) {
        panel[i][column % WIDTH] = form.q()[column][i];
      }
    }
  }

  void run() {
    double least = 0;
    for (int k = 0; k < n; k++) {
      least = Math.max(least, UNIT * UNIT * (Math.abs(d[k]) + Math.abs(e[k])));
    }
    int high = n - 1;
    for (int step = 0; high > 0 && step < STEPS * n; step++) {
      while (high > 0 && isSmall(high - 1, least)) {
        high--;
      }
      int low = high;
      while (low > 0 && !isSmall(low - 1, least)) {
        low--;
      }
      if (low < high) {
        step(low, high);
      }
    }
    apply();
  }

  /** Sets a number beside the diagonal to 0 if it is only rounding; returns whether it is 0. */
  private boolean isSmall(int k, double least) {
    boolean small = Math.abs(e[k]) <= UNIT * (Math.abs(d[k]) + Math.abs(d[k + 1])) + least;
    e[k] = small ? 0 : e[k];
    return small;
  }

  /** Takes one step on a part that has no 0 beside the diagonal. */
  private void step(int low, int high) {
    double half = (d[high - 1] - d[high]) / 2;
    double last = e[high - 1];
    double shift = d[high] - last * last / (half + Math.copySign(Math.hypot(half, last), half));
    double x = d[low] - shift;
    double z = e[low];
    for (int k = low; k < high; k++) {
      double r = Math.hypot(x, z);
      double c = r == 0 ? 1 : x / r;
      double s = r == 0 ? 0 : z / r;
      if (k > low) {
        e[k - 1] = r;
      }
      double moved = s * ((d[k + 1] - d[k]) * s + 2 * c * e[k]);
      e[k] = c * s * (d[k + 1] - d[k]) + (c * c - s * s) * e[k];
      d[k] += moved;
      d[k + 1] -= moved;
      turn(k, c, s);
      x = e[k];
      if (k + 1 < high) {
        z = s * e[k + 1];
        e[k + 1] *= c;
      }
    }
  }

  private void turn(int k, double c, double s) {
    turned[turns] = k;
    cosines[turns] = c;
    sines[turns] = s;
    turns++;
    if (turns == turned.length) {
      apply();
    }
  }

  private void apply() {
    for (double[][] panel : panels) {
      for (int t = 0; t < turns; t++) {
        turn(panel[turned[t]], panel[turned[t] + 1], cosines[t], sines[t]);
      }
    }
    turns = 0;
  }

  private static void turn(double[] a, double[] b, double c, double s) {
    for (int j = 0; j < WIDTH; j++) {
      double x = a[j];
      double y = b[j];
      a[j] = c * x + s * y;
      b[j] = c * y - s * x;
    }
  }

  /** Writes the eigenvectors as rows, by ascending eigenvalue. */
  void write(double[] vectors, double[] values) {
    Integer[] order = new Integer[n];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, Comparator.comparingDouble(i -> d[i]));
    for (int i = 0; i < n; i++) {
      values[i] = d[order[i]];
      for (int p = 0; p < panels.length; p++) {
        int at = p * WIDTH;
        System.arraycopy(panels[p][order[i]], 0, vectors, i * n + at, Math.min(WIDTH, n - at));
      }
    }
  }
}
