package dev.glissade.contrib;

import dev.glissade.Tensor;
import dev.glissade.Tree;
import java.util.SplittableRandom;

/** Arithmetic on matrices in plain loops, to check optimizers against. */
final class PlainMatrices {
  private PlainMatrices() {}

  static double[][] draw(long seed, int rows, int columns) {
    SplittableRandom random = new SplittableRandom(seed);
    double[][] numbers = new double[rows][];
    for (int i = 0; i < rows; i++) {
      numbers[i] = random.doubles(columns, -1, 1).toArray();
    }
    return numbers;
  }

  static Tree tree(double[][] w) {
    return Tree.of("w", Tensor.of(w));
  }

  static double[][] transposed(double[][] a) {
    double[][] t = new double[a[0].length][a.length];
    for (int i = 0; i < a.length; i++) {
      for (int j = 0; j < t.length; j++) {
        t[j][i] = a[i][j];
      }
    }
    return t;
  }

  static double[][] product(double[][] a, double[][] b) {
    double[][] c = new double[a.length][b[0].length];
    for (int i = 0; i < c.length; i++) {
      for (int j = 0; j < c[0].length; j++) {
        for (int p = 0; p < b.length; p++) {
          c[i][j] += a[i][p] * b[p][j];
        }
      }
    }
    return c;
  }

  static double[][] mean(double[][] m, double decay, double[][] g) {
    double[][] c = new double[m.length][m[0].length];
    for (int i = 0; i < c.length; i++) {
      for (int j = 0; j < c[0].length; j++) {
        c[i][j] = decay * m[i][j] + (1 - decay) * g[i][j];
      }
    }
    return c;
  }

  static double[][] unit(int n) {
    double[][] unit = new double[n][n];
    for (int i = 0; i < n; i++) {
      unit[i][i] = 1;
    }
    return unit;
  }
}
