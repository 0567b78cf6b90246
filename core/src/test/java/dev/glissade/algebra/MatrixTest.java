package dev.glissade.algebra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.glissade.DType;
import dev.glissade.Tensor;
import java.nio.FloatBuffer;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Matrices: parts of tensors, products, norms, the largest singular value. */
class MatrixTest {
  private static final int[] TWO_ROWS = {0, 3};
  private static final int[] THREE_COLUMNS = {0, 1, 2};

  private static Matrix matrix(DType dtype) {
    return new Matrix(dtype, MatrixMultiplier.java());
  }

  private static Matrix of(DType dtype, double[]... rows) {
    Tensor tensor = Tensor.of(rows).to(dtype);
    int[] rowAt = new int[rows.length];
    int[] columnAt = new int[rows[0].length];
    for (int i = 0; i < rowAt.length; i++) {
      rowAt[i] = i * columnAt.length;
    }
    for (int j = 0; j < columnAt.length; j++) {
      columnAt[j] = j;
    }
    return matrix(dtype).gather(tensor, 0, rowAt, columnAt);
  }

  private static double[][] numbers(Matrix matrix) {
    double[][] numbers = new double[matrix.rows()][matrix.columns()];
    for (int i = 0; i < matrix.rows(); i++) {
      for (int j = 0; j < matrix.columns(); j++) {
        numbers[i][j] = matrix.get(i, j);
      }
    }
    return numbers;
  }

  @ParameterizedTest
  @EnumSource(names = {"FLOAT32", "FLOAT64"})
  void copiesTransposesAndRows(DType dtype) {
    Matrix a = of(dtype, new double[] {1, 2, 3}, new double[] {4, 5, 6});
    Matrix turned = matrix(dtype).copyTransposed(a);
    assertThat(numbers(turned)).isDeepEqualTo(new double[][] {{1, 4}, {2, 5}, {3, 6}});
    turned.copyRows(0, of(dtype, new double[] {7, 8}, new double[] {9, 10}), 1, 1);
    assertThat(numbers(turned)).isDeepEqualTo(new double[][] {{9, 10}, {2, 5}, {3, 6}});
  }

  @Test
  void gathersAndScattersAxesInAnyOrder() {
    float[] six = {1, 2, 3, 4, 5, 6};
    for (Tensor tensor :
        new Tensor[] {
          Tensor.of(six, 2, 3),
          Tensor.wrap(FloatBuffer.wrap(six), 2, 3),
          Tensor.of(six, 2, 3).to(DType.BFLOAT16),
          Tensor.of(six, 2, 3).to(DType.FLOAT64)
        }) {
      for (DType dtype : new DType[] {DType.FLOAT32, DType.FLOAT64}) {
        Matrix turned = matrix(dtype).gather(tensor, 0, THREE_COLUMNS, TWO_ROWS);
        assertThat(numbers(turned)).isDeepEqualTo(new double[][] {{1, 4}, {2, 5}, {3, 6}});
        Tensor back = Tensor.wrap(new float[6], 2, 3);
        turned.scatter(back, 0, THREE_COLUMNS, TWO_ROWS);
        assertThat(back.toFloats()).containsExactly(six);
        Tensor wide = Tensor.wrap(new double[6], 2, 3);
        turned.scatter(wide, 0, THREE_COLUMNS, TWO_ROWS);
        assertThat(wide.toDoubles()).containsExactly(1, 2, 3, 4, 5, 6);
      }
    }
    Matrix part = matrix(DType.FLOAT32).gather(Tensor.of(six), 3, new int[] {0}, THREE_COLUMNS);
    assertThat(numbers(part)).isDeepEqualTo(new double[][] {{4, 5, 6}});
  }

  @ParameterizedTest
  @EnumSource(names = {"FLOAT32", "FLOAT64"})
  void multiplies(DType dtype) {
    Matrix a = of(dtype, new double[] {1, 2}, new double[] {3, 4}, new double[] {5, 6});
    Matrix b = of(dtype, new double[] {1, 0, 2}, new double[] {0, 1, -1});
    assertThat(numbers(matrix(dtype).product(2, b, a, 0)))
        .isDeepEqualTo(new double[][] {{22, 28}, {-4, -4}});
    Matrix sum = of(dtype, new double[] {1, 1, 1}, new double[] {1, 1, 1});
    assertThat(numbers(sum.product(1, a, true, b, true, 0)))
        .isDeepEqualTo(new double[][] {{11, -2}, {14, -2}});
    Matrix gram = matrix(dtype).gram(1, a, 0);
    assertThat(numbers(gram))
        .isDeepEqualTo(new double[][] {{5, 11, 17}, {11, 25, 39}, {17, 39, 61}});
    assertThat(numbers(gram.gram(-1, a, 2)))
        .isDeepEqualTo(new double[][] {{5, 11, 17}, {11, 25, 39}, {17, 39, 61}});
    assertThatThrownBy(() -> matrix(dtype).product(1, a, a, 0))
        .hasMessage("the number of rows of the second factor must be 2, but was 3");
    assertThatThrownBy(() -> matrix(dtype).reshape(1, 2).product(1, a, b, 1))
        .hasMessage("the number of rows of the product must be 1, but was 3");
  }

  @ParameterizedTest
  @EnumSource(names = {"FLOAT32", "FLOAT64"})
  void aLargeGramIsSymmetric(DType dtype) {
    SplittableRandom random = new SplittableRandom(1);
    double[][] rows = new double[70][];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = random.doubles(5, -1, 1).toArray();
    }
    double[][] gram = numbers(matrix(dtype).gram(1, of(dtype, rows), 0));
    for (int i = 0; i < gram.length; i++) {
      for (int j = 0; j < gram.length; j++) {
        double sum = 0;
        for (int p = 0; p < 5; p++) {
          sum += rows[i][p] * rows[j][p];
        }
        assertThat(gram[i][j]).isCloseTo(sum, within(1e-5)).isEqualTo(gram[j][i]);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"FLOAT32", "FLOAT64"})
  void scales(DType dtype) {
    Matrix a = of(dtype, new double[] {1, -2}, new double[] {3, 4});
    double[] factors = {2, -1, 9};
    double[] sums = new double[3];
    a.absoluteRowSums(sums);
    assertThat(sums).containsExactly(3, 7, 0);
    assertThat(numbers(matrix(dtype).copy(a).scaleRows(factors)))
        .isDeepEqualTo(new double[][] {{2, -4}, {-3, -4}});
    assertThat(numbers(matrix(dtype).copy(a).scaleColumns(factors)))
        .isDeepEqualTo(new double[][] {{2, 2}, {6, -4}});
    assertThat(numbers(matrix(dtype).copy(a).scale(3).divide(2)))
        .isDeepEqualTo(new double[][] {{1.5, -3}, {4.5, 6}});
  }

  @ParameterizedTest
  @CsvSource({"1", "1e-30", "1e-300", "1e-310", "1e160", "1e300"})
  void normsNeitherOverflowNorUnderflow(double unit) {
    Matrix wide = of(DType.FLOAT64, new double[] {3 * unit, 0}, new double[] {0, -4 * unit});
    assertThat(wide.norm() / unit).isCloseTo(5, within(1e-12));
    double small = Math.min(Math.max(unit, 1e-30), 1e37);
    Matrix narrow =
        of(DType.FLOAT32, new double[] {3 * small, 0, 0}, new double[] {0, 0, 4 * small});
    assertThat(narrow.norm() / small).isCloseTo(5, within(1e-5));
    assertThat(of(DType.FLOAT64, new double[] {0}).norm()).isZero();
    assertThat(of(DType.FLOAT64, new double[] {Double.NaN, 1}).norm()).isNaN();
    assertThat(of(DType.FLOAT64, new double[] {Double.NEGATIVE_INFINITY, 1}).norm()).isInfinite();
  }

  /** A diagonal matrix between two reflections has the diagonal's singular values. */
  private static double[][] withSingularValues(double[] values, int columns) {
    SplittableRandom random = new SplittableRandom(3);
    int rows = values.length;
    double[] u = random.doubles(rows, -1, 1).toArray();
    double[] v = random.doubles(columns, -1, 1).toArray();
    double uu = 0;
    double vv = 0;
    for (double number : u) {
      uu += number * number;
    }
    for (double number : v) {
      vv += number * number;
    }
    double[][] x = new double[rows][columns];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        for (int p = 0; p < rows; p++) {
          double left = (i == p ? 1 : 0) - 2 * u[i] * u[p] / uu;
          double right = (p == j ? 1 : 0) - 2 * v[p] * v[j] / vv;
          x[i][j] += left * values[p] * right;
        }
      }
    }
    return x;
  }

  @Test
  void findsTheLargestSingularValue() {
    double[] far = new double[60];
    double[] close = new double[60];
    for (int i = 0; i < far.length; i++) {
      far[i] = 3 * Math.pow(0.7, i);
      close[i] = 2 - 1e-3 * i;
    }
    close[1] = 2 - 1e-9;
    LargestSingularValue largest = new LargestSingularValue();
    for (double unit : new double[] {1, 1e-200, 1e200}) {
      assertThat(largest.of(of(DType.FLOAT64, withSingularValues(scaled(far, unit), 80))) / unit)
          .isCloseTo(3, within(1e-11));
      assertThat(largest.of(of(DType.FLOAT64, withSingularValues(scaled(close, unit), 60))) / unit)
          .isCloseTo(2, within(2e-10)); // two values differ by 1e-9
    }
    assertThat(largest.of(of(DType.FLOAT32, withSingularValues(close, 100))))
        .isCloseTo(2, within(1e-5));
    assertThat(largest.of(of(DType.FLOAT64, new double[] {3, 0, -4}))).isCloseTo(5, within(1e-14));
    assertThat(largest.of(of(DType.FLOAT64, new double[] {0, 0}, new double[] {0, 0}))).isZero();
    assertThat(largest.of(of(DType.FLOAT64, new double[] {1, Double.NaN}))).isNaN();
    assertThat(largest.of(of(DType.FLOAT64, new double[] {7, 0}, new double[] {0, 7})))
        .isCloseTo(7, within(1e-13));
  }

  private static double[] scaled(double[] numbers, double factor) {
    double[] scaled = numbers.clone();
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] *= factor;
    }
    return scaled;
  }

  @Test
  void refusesOtherTypes() {
    assertThatThrownBy(() -> matrix(DType.BFLOAT16))
        .hasMessage("the type of a matrix must be float32 or float64, but was bfloat16");
  }
}
