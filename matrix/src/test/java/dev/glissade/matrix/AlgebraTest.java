package dev.glissade.matrix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Algorithms on matrices, against conformance/optax/algebra.json and their definitions. */
class AlgebraTest {
  static Stream<JsonNode> cases() throws IOException {
    JsonNode file =
        new ObjectMapper().readTree(Path.of("../conformance/optax/algebra.json").toFile());
    assertThat(file.get("cases")).hasSizeGreaterThanOrEqualTo(23);
    return StreamSupport.stream(file.get("cases").spliterator(), false);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void followsTheOriginal(JsonNode recorded) {
    switch (recorded.get("function").asText()) {
      case "power_iteration" -> powerIteration(recorded);
      case "matrix_inverse_pth_root" -> inverseRoot(recorded);
      case "nnls" -> nonNegativeLeastSquares(recorded);
      case "hungarian_algorithm" -> assignment(recorded);
      default -> throw new AssertionError(recorded.get("function"));
    }
  }

  private static void powerIteration(JsonNode recorded) {
    PowerIteration have =
        PowerIteration.of(
            input(recorded, "matrix"),
            input(recorded, "v0"),
            recorded.get("args").get("num_iters").asInt(),
            recorded.get("args").get("error_tolerance").asDouble());
    JsonNode value = recorded.get("value");
    requireSame(new double[] {have.eigenvalue()}, new double[] {value.get(0).asDouble()}, 1e-9);
    requireSame(have.eigenvector(), numbers(value.get(1)), 1e-9);
  }

  private static void inverseRoot(JsonNode recorded) {
    int n = recorded.get("inputs").get("matrix").get("shape").get(0).asInt();
    int p = recorded.get("args").get("p").asInt();
    double[] have = InversePthRoot.of(input(recorded, "matrix"), n, p).root();
    requireSame(have, numbers(recorded.get("value")), recorded.get("tolerance").asDouble());
  }

  private static void nonNegativeLeastSquares(JsonNode recorded) {
    JsonNode shape = recorded.get("inputs").get("A").get("shape");
    double[] have =
        NonNegativeLeastSquares.solve(
            input(recorded, "A"),
            shape.get(0).asInt(),
            shape.get(1).asInt(),
            input(recorded, "b"),
            recorded.get("args").get("iters").asInt());
    requireSame(have, numbers(recorded.get("value")), 1e-9);
  }

  private static void assignment(JsonNode recorded) {
    double total = Assignment.cheapest(rows(recorded, "cost_matrix")).total();
    assertThat(total).isCloseTo(recorded.get("total").asDouble(), offset(1e-12));
  }

  private static void requireSame(double[] have, double[] want, double tolerance) {
    assertThat(have).hasSameSizeAs(want);
    for (int i = 0; i < want.length; i++) {
      double size = Math.max(Math.abs(want[i]), 1e-3);
      assertThat(have[i]).isCloseTo(want[i], offset(tolerance * size));
    }
  }

  private static double[] input(JsonNode recorded, String name) {
    return numbers(recorded.get("inputs").get(name));
  }

  private static double[][] rows(JsonNode recorded, String name) {
    int width = recorded.get("inputs").get(name).get("shape").get(1).asInt();
    double[] all = input(recorded, name);
    double[][] rows = new double[all.length / width][];
    Arrays.setAll(rows, i -> Arrays.copyOfRange(all, i * width, (i + 1) * width));
    return rows;
  }

  private static double[] numbers(JsonNode leaf) {
    return StreamSupport.stream(leaf.get("data").spliterator(), false)
        .mapToDouble(JsonNode::asDouble)
        .toArray();
  }

  @Test
  void powerIterationOfZeroIsZero() {
    PowerIteration none = PowerIteration.of(new double[4], new double[] {1, 2});
    assertThat(none.eigenvalue()).isZero();
    assertThat(none.eigenvector()).containsExactly(0, 0);
    assertThat(PowerIteration.of(new double[] {2, 0, 0, 1}, new double[2]).eigenvalue()).isZero();
    PowerIteration negative =
        PowerIteration.of(v -> new double[] {-3 * v[0]}, new double[] {5}, 9, 0);
    assertThat(negative.eigenvalue()).isEqualTo(-3);
    double[] huge = {1e200, 0, 0, 1e180};
    assertThat(PowerIteration.of(huge, new double[] {1, 1}).eigenvalue()).isEqualTo(1e200);
    assertThatThrownBy(() -> PowerIteration.of(new double[3], new double[2]))
        .hasMessage("matrix must have 4 elements, but had 3");
  }

  /** H^p A = I for any p, also those that the original does not take. */
  @Test
  void inverseRootTimesItselfIsTheInverse() {
    Random random = new Random(4);
    int n = 5;
    double[] factor = random.doubles(n * n, -1, 1).toArray();
    double[] a = new double[n * n];
    MatrixProduct.java().multiply(ProductShape.of(n, n, n).ofTransposedB(), factor, factor, a);
    for (int p : new int[] {1, 2, 3, 5, 6, 16}) {
      InversePthRoot root = InversePthRoot.of(a, n, p, 100, 0, 1e-12);
      double[] product = a;
      for (int i = 0; i < p; i++) {
        double[] next = new double[n * n];
        MatrixProduct.java().multiply(ProductShape.of(n, n, n), root.root(), product, next);
        product = next;
      }
      for (int i = 0; i < n * n; i++) {
        assertThat(product[i]).as("p = %d", p).isCloseTo(i % (n + 1) == 0 ? 1 : 0, offset(1e-6));
      }
    }
    assertThatThrownBy(() -> InversePthRoot.of(a, n, 0))
        .hasMessage("p must be at least 1, but was 0");
    assertThatThrownBy(() -> InversePthRoot.of(a, n, 1, 9, -1, 0))
        .hasMessage("ridgeEpsilon must not be negative, but was -1.0");
  }

  @Test
  void nonNegativeLeastSquaresMeetsItsConditions() {
    Random random = new Random(6);
    double[] a = random.doubles(40, -1, 1).toArray();
    double[] b = random.doubles(8, -1, 1).toArray();
    double[] x = NonNegativeLeastSquares.solve(a, 8, 5, b, 2000);
    for (int j = 0; j < 5; j++) {
      double slope = 0;
      for (int i = 0; i < 8; i++) {
        double rest = -b[i];
        for (int k = 0; k < 5; k++) {
          rest += a[i * 5 + k] * x[k];
        }
        slope += a[i * 5 + j] * rest;
      }
      assertThat(x[j]).isNotNegative();
      assertThat(x[j] > 0 ? Math.abs(slope) : Math.max(-slope, 0)).isLessThan(1e-9);
    }
    assertThat(NonNegativeLeastSquares.solve(new double[2], 2, 1, new double[2], 5))
        .containsExactly(0);
    assertThatThrownBy(() -> NonNegativeLeastSquares.solve(a, 8, 4, b, 1))
        .hasMessage("a must have 32 elements, but had 40");
  }

  @Test
  void cheapestAssignmentIsTheLeastOfAll() {
    Random random = new Random(8);
    for (int trial = 0; trial < 200; trial++) {
      int rows = 1 + random.nextInt(5);
      int columns = 1 + random.nextInt(5);
      double[][] costs = new double[rows][];
      Arrays.setAll(costs, i -> random.ints(columns, -9, 9).asDoubleStream().toArray());
      Assignment have = Assignment.cheapest(costs);
      assertThat(have.total()).isEqualTo(least(costs, 0, new boolean[columns], columns - rows));
      int[] used = Arrays.stream(have.columns()).filter(j -> j >= 0).sorted().toArray();
      assertThat(used).doesNotHaveDuplicates().hasSize(Math.min(rows, columns));
    }
    assertThat(Assignment.cheapest(new double[0][]).total()).isZero();
    assertThatThrownBy(() -> Assignment.cheapest(new double[][] {{1, Double.NaN}}))
        .hasMessage("costs must be finite, but had NaN");
    assertThatThrownBy(() -> Assignment.cheapest(new double[][] {{1, 2}, {3}}))
        .hasMessage("costs[1] must have 2 elements, but had 1");
  }

  /** Tries all assignments; spare is how many more columns than rows are left. */
  private static double least(double[][] costs, int row, boolean[] taken, int spare) {
    if (row == costs.length) {
      return 0;
    }
    double least = spare < 0 ? least(costs, row + 1, taken, spare + 1) : Double.POSITIVE_INFINITY;
    for (int j = 0; j < taken.length; j++) {
      if (!taken[j]) {
        taken[j] = true;
        least = Math.min(least, costs[row][j] + least(costs, row + 1, taken, spare));
        taken[j] = false;
      }
    }
    return least;
  }
}
