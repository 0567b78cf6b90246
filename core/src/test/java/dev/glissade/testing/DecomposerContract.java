package dev.glissade.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.glissade.algebra.MatrixDecomposer;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Factors are orthonormal, and their product is the matrix. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class DecomposerContract {
  private static final double BOUND = 1e-13;

  private final MatrixDecomposer decomposer;

  protected DecomposerContract(MatrixDecomposer decomposer) {
    this.decomposer = decomposer;
  }

  private static double[] numbers(int size, long seed) {
    return new SplittableRandom(seed).doubles(size, -1, 1).toArray();
  }

  /** A B' of an m x k and an n x k matrix. */
  private static double[] timesTransposed(int m, int n, int k, double[] a, double[] b) {
    double[] c = new double[m * n];
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < n; j++) {
        for (int p = 0; p < k; p++) {
          c[i * n + j] += a[i * k + p] * b[j * k + p];
        }
      }
    }
    return c;
  }

  private static double[] transposed(int m, int n, double[] a) {
    double[] t = new double[m * n];
    for (int i = 0; i < m * n; i++) {
      t[i % n * m + i / n] = a[i];
    }
    return t;
  }

  private static double[] identity(int n) {
    double[] identity = new double[n * n];
    for (int i = 0; i < n; i++) {
      identity[i * n + i] = 1;
    }
    return identity;
  }

  private static void assertClose(double[] have, double[] want, double bound) {
    for (int i = 0; i < want.length; i++) {
      assertThat(have[i]).isCloseTo(want[i], within(bound));
    }
  }

  /** Decomposes, and returns the eigenvalues. */
  private double[] requireDecomposed(int n, double[] a) {
    double[] vectors = Arrays.copyOf(a, n * n + 3); // arrays may be longer
    double[] values = new double[n + 2];
    decomposer.eigenvectors(n, vectors, values);
    assertClose(timesTransposed(n, n, n, vectors, vectors), identity(n), n * BOUND);
    double[] scaled = vectors.clone();
    for (int i = 0; i < n * n; i++) {
      scaled[i] *= values[i / n];
    }
    // V' diag(values) V
    double[] product =
        timesTransposed(n, n, n, transposed(n, n, scaled), transposed(n, n, vectors));
    double largest = Arrays.stream(a).map(Math::abs).max().orElse(0);
    assertClose(product, a, n * BOUND * largest);
    double[] sorted = Arrays.copyOf(values, n);
    Arrays.sort(sorted);
    assertThat(Arrays.copyOf(values, n)).containsExactly(sorted);
    return sorted;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 7, 40, 64, 65, 150})
  void eigenvectorsDiagonalize(int n) {
    double[] a = numbers(n * n, n);
    double[] symmetric = new double[n * n];
    for (int i = 0; i < n * n; i++) {
      symmetric[i] = a[i] + a[i % n * n + i / n];
    }
    requireDecomposed(n, symmetric);
    // of low rank
    int k = (n + 2) / 3;
    double[] factor = numbers(n * k, 5);
    double[] values = requireDecomposed(n, timesTransposed(n, n, k, factor, factor));
    for (int i = 0; i < n - k; i++) {
      assertThat(values[i]).isCloseTo(0, within(n * 1e-14 * values[n - 1]));
    }
  }

  @Test
  void eigenvectorsOfSpecialMatrices() {
    assertThat(requireDecomposed(5, new double[25])).containsOnly(0);
    assertThat(requireDecomposed(5, identity(5))).containsOnly(1);
    assertClose(requireDecomposed(2, new double[] {0, 1, 1, 0}), new double[] {-1, 1}, 1e-15);
    double[] graded = new double[36];
    double[] diagonal = new double[36];
    double[] ones = new double[36];
    Arrays.fill(ones, 1);
    for (int i = 0; i < 36; i++) {
      graded[i] = Math.pow(10, -2.0 * (i % 6 + i / 6));
      diagonal[i] = i % 7 == 0 ? 36 - i : 0;
    }
    requireDecomposed(6, graded);
    assertClose(requireDecomposed(6, diagonal), new double[] {1, 8, 15, 22, 29, 36}, 1e-14);
    assertThat(requireDecomposed(6, ones)[5]).isCloseTo(6, within(1e-13));
  }

  /** The second difference, whose eigenvalues are 2 - 2 cos(k pi / (n + 1)). */
  @Test
  void eigenvaluesOfTheSecondDifference() {
    int n = 30;
    double[] a = new double[n * n];
    for (int i = 0; i < n; i++) {
      a[i * n + i] = 2;
      if (i > 0) {
        a[i * n + i - 1] = -1;
        a[i * n - n + i] = -1;
      }
    }
    double[] values = requireDecomposed(n, a);
    for (int k = 1; k <= n; k++) {
      double want = 2 - 2 * Math.cos(k * Math.PI / (n + 1));
      assertThat(values[k - 1]).isCloseTo(want, within(1e-14));
    }
  }

  static List<int[]> shapes() {
    return List.of(
        new int[] {1, 1},
        new int[] {5, 1},
        new int[] {3, 3},
        new int[] {7, 4},
        new int[] {65, 64},
        new int[] {150, 40});
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void qrHasOrthonormalColumnsAndAnUpperTriangle(int[] shape) {
    int m = shape[0];
    int n = shape[1];
    double[] a = numbers(m * n, 3);
    double[] r = requireOrthonormal(m, n, a);
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        if (j < i) {
          assertThat(r[i * n + j]).isCloseTo(0, within(m * BOUND));
        }
      }
      assertThat(r[i * n + i]).isPositive();
    }
    // dependent columns, and none
    for (int i = 0; i < m; i++) {
      a[i * n + n - 1] = 2 * a[i * n];
    }
    requireOrthonormal(m, n, a);
    requireOrthonormal(m, n, new double[m * n]);
  }

  /** Returns R = Q' A after a check that A = Q R and Q' Q = I. */
  private double[] requireOrthonormal(int m, int n, double[] a) {
    double[] q = Arrays.copyOf(a, m * n + 3);
    decomposer.orthonormalize(m, n, q);
    double[] columns = transposed(m, n, q);
    assertClose(timesTransposed(n, n, m, columns, columns), identity(n), m * BOUND);
    double[] r = timesTransposed(n, n, m, columns, transposed(m, n, a));
    assertClose(timesTransposed(m, n, n, q, transposed(n, n, r)), a, m * BOUND);
    return r;
  }

  @Test
  void zeroIsAnyBasis() {
    double[] q = new double[12];
    decomposer.orthonormalize(4, 3, q);
    assertClose(q, new double[] {1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0}, 0);
  }
}
