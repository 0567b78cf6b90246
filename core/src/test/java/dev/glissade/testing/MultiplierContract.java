package dev.glissade.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glissade.algebra.MatrixMultiplier;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Products are the sums of the definition, whatever their shapes and cuts. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class MultiplierContract {
  private final MatrixMultiplier multiplier;

  protected MultiplierContract(MatrixMultiplier multiplier) {
    this.multiplier = multiplier;
  }

  static List<int[]> sizes() {
    return List.of(
        new int[] {1, 1, 1},
        new int[] {3, 2, 0},
        new int[] {3, 5, 7},
        new int[] {1, 40, 33},
        new int[] {33, 1, 65},
        new int[] {5, 3, 1},
        new int[] {2, 600, 3},
        new int[] {130, 300, 257},
        new int[] {17, 65, 258},
        new int[] {400, 33, 300});
  }

  private static double[] numbers(int size, long seed) {
    return new SplittableRandom(seed).doubles(size, -1, 1).toArray();
  }

  private static float[] floats(double[] numbers) {
    float[] floats = new float[numbers.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) numbers[i];
    }
    return floats;
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void multipliesByTheDefinition(int[] size) {
    int m = size[0];
    int n = size[1];
    int k = size[2];
    double[] a = numbers(m * k, 1);
    double[] b = numbers(k * n, 2);
    for (int form = 0; form < 8; form++) {
      boolean ta = (form & 1) != 0;
      boolean tb = (form & 2) != 0;
      double beta = (form & 4) != 0 ? -1.5 : 0;
      double[] c = numbers(m * n, 3);
      double[] want = new double[m * n];
      for (int i = 0; i < m; i++) {
        for (int j = 0; j < n; j++) {
          double sum = 0;
          for (int p = 0; p < k; p++) {
            sum += (ta ? a[p * m + i] : a[i * k + p]) * (tb ? b[j * k + p] : b[p * n + j]);
          }
          want[i * n + j] = 0.75 * sum + beta * c[i * n + j];
        }
      }
      if (beta == 0) {
        Arrays.fill(c, Double.NaN);
      }
      float[] narrow = floats(c);
      multiplier.multiply(m, n, k, 0.75, a, ta, b, tb, beta, c);
      multiplier.multiply(m, n, k, 0.75, floats(a), ta, floats(b), tb, beta, narrow);
      requireClose(c, narrow, want);
    }
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void gramsByTheDefinition(int[] size) {
    int n = size[0];
    int k = size[2];
    double[] a = numbers(n * k, 1);
    for (double beta : new double[] {0, 2.5}) {
      double[] c = numbers(n * n, 3);
      double[] want = new double[n * n];
      for (int i = 0; i < n; i++) {
        for (int j = 0; j <= i; j++) {
          double sum = 0;
          for (int p = 0; p < k; p++) {
            sum += a[i * k + p] * a[j * k + p];
          }
          want[i * n + j] = 0.75 * sum + beta * c[i * n + j];
        }
      }
      if (beta == 0) {
        Arrays.fill(c, Double.NaN);
      }
      float[] narrow = floats(c);
      multiplier.gram(n, k, 0.75, a, beta, c);
      multiplier.gram(n, k, 0.75, floats(a), beta, narrow);
      for (int i = 0; i < n; i++) {
        Arrays.fill(c, i * n + i + 1, (i + 1) * n, 0);
        Arrays.fill(narrow, i * n + i + 1, (i + 1) * n, 0);
      }
      requireClose(c, narrow, want);
    }
  }

  private static void requireClose(double[] c, float[] narrow, double[] want) {
    double wide = 0;
    double inFloat = 0;
    for (int i = 0; i < want.length; i++) {
      wide = Math.max(wide, Math.abs(c[i] - want[i]));
      inFloat = Math.max(inFloat, Math.abs(narrow[i] - want[i]));
    }
    assertThat(wide).isLessThan(1e-12);
    assertThat(inFloat).isLessThan(1e-4);
  }
}
