package dev.glissade.algebra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.glissade.DType;
import dev.glissade.Tensor;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Singular vectors of matrices that are made of known ones. */
class SingularVectorsTest {

  private static SingularVectors vectors() {
    return new SingularVectors(MatrixMultiplier.java(), MatrixDecomposer.java());
  }

  private static int[] steps(int length, int stride) {
    int[] steps = new int[length];
    Arrays.setAll(steps, i -> i * stride);
    return steps;
  }

  /** Returns n orthonormal vectors of m numbers, by Gram and Schmidt, twice. */
  private static double[][] orthonormal(int n, int m, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[][] q = new double[n][];
    for (int k = 0; k < n; k++) {
      q[k] = random.doubles(m, -1, 1).toArray();
      for (int i = 0; i < 2 * k; i++) {
        double[] other = q[i % k];
        double along = dot(q[k], other);
        double[] rest = q[k];
        Arrays.setAll(rest, j -> rest[j] - along * other[j]);
      }
      double norm = Math.sqrt(dot(q[k], q[k]));
      double[] unit = q[k];
      Arrays.setAll(unit, j -> unit[j] / norm);
    }
    return q;
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  /** Returns the matrix sum of values[k] u[k] v[k]'. */
  private static double[] sum(double[] values, double[][] u, double[][] v) {
    int n = v[0].length;
    double[] g = new double[u[0].length * n];
    for (int k = 0; k < values.length; k++) {
      for (int i = 0; i < g.length; i++) {
        g[i] += values[k] * u[k][i / n] * v[k][i % n];
      }
    }
    return g;
  }

  private static void assertSame(Matrix have, double[][] u, double bound) {
    for (int k = 0; k < have.columns(); k++) {
      double[] want = u[k];
      double largest = Arrays.stream(want).reduce(0, (a, b) -> Math.abs(b) > Math.abs(a) ? b : a);
      for (int i = 0; i < want.length; i++) {
        assertThat(have.get(i, k)).isCloseTo(want[i] * Math.signum(largest), within(bound));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 1, 1", "7, 3, 3", "7, 3, 1", "40, 40, 5", "700, 20, 20"})
  void findsTheVectors(int m, int n, int r) {
    double[][] u = orthonormal(n, m, 1);
    double[] values = new double[n];
    Arrays.setAll(values, k -> Math.pow(0.7, k));
    double[] g = sum(values, u, orthonormal(n, n, 2));
    for (double size : new double[] {1, 1e200, 1e-200, 1e-300}) {
      double[] sized = Arrays.stream(g).map(x -> x * size).toArray();
      Tensor tensor = Tensor.of(sized, m, n);
      Matrix found = vectors().leading(tensor, 0, steps(m, n), steps(n, 1), r);
      assertSame(found, u, 1e-11);
    }
    Matrix narrow =
        vectors()
            .leading(
                Tensor.of(g, m, n).to(DType.FLOAT32), 0, steps(m, n), steps(n, 1), Math.min(r, 5));
    assertSame(narrow, u, 1e-5);
  }

  @Test
  void fillsInWhereTheRankIsSmaller() {
    double[][] u = orthonormal(2, 9, 1);
    double[] g = sum(new double[] {3, 1}, u, orthonormal(2, 4, 2));
    Matrix found = vectors().leading(Tensor.of(g, 9, 4), 0, steps(9, 4), steps(4, 1), 4);
    for (int k = 0; k < 4; k++) {
      for (int l = 0; l < 4; l++) {
        double sum = 0;
        for (int i = 0; i < 9; i++) {
          sum += found.get(i, k) * found.get(i, l);
        }
        assertThat(sum).isCloseTo(k == l ? 1 : 0, within(1e-14));
      }
    }
    Matrix two = vectors().leading(Tensor.of(g, 9, 4), 0, steps(9, 4), steps(4, 1), 2);
    assertSame(two, u, 1e-14);
  }

  @Test
  void zeroHasTheFirstUnitVectorsAndWhatIsNotFiniteNone() {
    Matrix found =
        vectors().leading(Tensor.of(new double[6], 3, 2), 0, steps(3, 2), steps(2, 1), 2);
    assertSame(found, new double[][] {{1, 0, 0}, {0, 1, 0}}, 0);
    for (double bad : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
      Tensor tensor = Tensor.of(new double[] {1, 2, bad, 4, 5, 6}, 3, 2);
      assertThat(vectors().leading(tensor, 0, steps(3, 2), steps(2, 1), 2)).isNull();
    }
  }

  @Test
  void badInputIsRefused() {
    Matrix narrow = new Matrix(DType.FLOAT32, MatrixMultiplier.java()).reshape(2, 2);
    assertThatThrownBy(() -> narrow.eigenvectors(MatrixDecomposer.java()))
        .hasMessage("the type of a matrix to decompose must be float64, but was float32");
    Matrix wide = new Matrix(DType.FLOAT64, MatrixMultiplier.java()).reshape(2, 3);
    assertThatThrownBy(() -> wide.eigenvectors(MatrixDecomposer.java()))
        .hasMessage("the number of columns must be 2, but was 3");
    assertThatThrownBy(() -> wide.orthonormalize(MatrixDecomposer.java()))
        .hasMessage("the number of columns must be at most the 2 rows, but was 3");
    Matrix nan = new Matrix(DType.FLOAT64, MatrixMultiplier.java());
    nan.gather(Tensor.of(new double[] {Double.NaN}), 0, new int[1], new int[1]);
    assertThatThrownBy(() -> nan.eigenvectors(MatrixDecomposer.java()))
        .hasMessage("the norm of a matrix to decompose must be finite, but was NaN");
    assertThatThrownBy(() -> wide.copyRows(0, nan, 0, 1))
        .hasMessage("the number of columns must be 3, but was 1");
  }
}
