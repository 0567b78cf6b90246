package dev.glissade.matrix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each implementation computes the sums of the definition, in all layouts and cuts. */
class MatrixProductTest {
  private static final List<int[]> SIZES =
      List.of(
          new int[] {1, 1, 1},
          new int[] {3, 5, 7},
          new int[] {1, 5, 7},
          new int[] {1, 300, 257},
          new int[] {1, 9000, 901},
          new int[] {5, 3, 1},
          new int[] {33, 17, 65},
          new int[] {300, 130, 257},
          new int[] {130, 300, 257},
          new int[] {0, 3, 2},
          new int[] {2, 0, 3});

  static Stream<Arguments> products() {
    NetlibProduct best = NetlibProduct.best();
    assertThat(best.takesColumns()).isTrue();
    NetlibProduct older = new NetlibProduct("as of 3.0", best.blas(), true, false);
    Stream<Arguments> cut =
        SIZES.stream().filter(size -> size[2] == 257).map(size -> Arguments.of(older, size));
    return Stream.concat(
        cut,
        Stream.of(MatrixProduct.best(), MatrixProduct.java())
            .flatMap(product -> Stream.of(product, product.sequential()))
            .flatMap(product -> SIZES.stream().map(size -> Arguments.of(product, size))));
  }

  private static double[] numbers(int n, long seed) {
    return new Random(seed).doubles(n, -1, 1).toArray();
  }

  private static float[] floats(double[] numbers) {
    float[] floats = new float[numbers.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) numbers[i];
    }
    return floats;
  }

  /** The definition: c[i][j] is the sum over p of op(a)[i][p] op(b)[p][j]. */
  private static double[] expected(ProductShape s, double[] a, double[] b) {
    double[] c = new double[s.m() * s.n()];
    for (int i = 0; i < s.m(); i++) {
      for (int j = 0; j < s.n(); j++) {
        for (int p = 0; p < s.k(); p++) {
          double x = s.transposeA() ? a[p * s.m() + i] : a[i * s.k() + p];
          double y = s.transposeB() ? b[j * s.k() + p] : b[p * s.n() + j];
          c[i * s.n() + j] += x * y;
        }
      }
    }
    return c;
  }

  @ParameterizedTest
  @MethodSource("products")
  void multipliesByTheDefinition(MatrixProduct product, int[] size) {
    for (int layout = 0; layout < 4; layout++) {
      ProductShape shape =
          new ProductShape(size[0], size[1], size[2], (layout & 1) != 0, (layout & 2) != 0);
      double[] a = numbers(shape.m() * shape.k(), 1);
      double[] b = numbers(shape.k() * shape.n(), 2);
      double[] expected = expected(shape, a, b);
      double[] c = new double[expected.length];
      Arrays.fill(c, Double.NaN);
      product.multiply(shape, a, b, c);
      float[] narrow = floats(c);
      product.multiply(shape, floats(a), floats(b), narrow);
      for (int i = 0; i < c.length; i++) {
        assertThat(c[i]).as("%s, element %d", shape, i).isCloseTo(expected[i], within(1e-12));
        assertThat((double) narrow[i]).as("%s: %d", shape, i).isCloseTo(expected[i], within(1e-4));
      }
    }
  }

  private static org.assertj.core.data.Offset<Double> within(double bound) {
    return org.assertj.core.data.Offset.offset(bound);
  }

  @Test
  void aSumOverNothingIsZero() {
    float[] c = {7, 7};
    MatrixProduct.best().multiply(ProductShape.of(1, 2, 0), new float[0], new float[0], c);
    assertThat(c).containsExactly(0, 0);
  }

  @Test
  void threadsDoNotChangeBits() {
    for (MatrixProduct product : List.of(MatrixProduct.best(), MatrixProduct.java())) {
      for (ProductShape shape :
          List.of(
              ProductShape.of(64, 600, 500),
              ProductShape.of(600, 64, 500),
              ProductShape.of(1, 4000, 4000))) {
        float[] a = floats(numbers(shape.m() * shape.k(), 1));
        float[] b = floats(numbers(shape.k() * shape.n(), 2));
        float[] parallel = new float[shape.m() * shape.n()];
        float[] sequential = new float[shape.m() * shape.n()];
        product.multiply(shape, a, b, parallel);
        product.sequential().multiply(shape, a, b, sequential);
        assertThat(parallel).containsExactly(sequential);
      }
    }
  }

  @Test
  void theNativeLibraryIsFoundInItsJar() {
    assertThat(MatrixProduct.best().library()).isEqualTo("OpenBLAS");
    assertThat(MatrixProduct.java().library()).isEqualTo("Java");
  }

  @Test
  void badInputIsRefused() {
    assertThatThrownBy(() -> ProductShape.of(-1, 2, 3))
        .hasMessage("the lengths of a product must not be negative, but were -1, 2 and 3");
    assertThatThrownBy(() -> ProductShape.of(1 << 20, 1, 1 << 20))
        .hasMessage("A must have at most 2^31 - 1 elements, but had 1048576 x 1048576");
    ProductShape shape = ProductShape.of(2, 2, 2);
    float[] four = new float[4];
    assertThatThrownBy(() -> MatrixProduct.java().multiply(shape, four, new float[3], four))
        .hasMessage("b must have at least 4 elements, but had 3");
    double[] wide = new double[4];
    assertThatThrownBy(() -> MatrixProduct.java().multiply(shape, wide, wide, new double[1]))
        .hasMessage("c must have at least 4 elements, but had 1");
  }
}
