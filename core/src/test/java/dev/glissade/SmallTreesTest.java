package dev.glissade;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.glissade.transform.Transforms;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.DoubleBinaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Reductions of leaves and axes, and the way back, against plain loops. */
@Tag("vectors")
class SmallTreesTest {
  private static final List<int[]> SHAPES =
      List.of(
          new int[] {},
          new int[] {1},
          new int[] {7},
          new int[] {5, 3},
          new int[] {3, 70_001},
          new int[] {300, 301},
          new int[] {1, 40, 1, 20},
          new int[] {4, 3, 5, 17},
          new int[] {20, 30, 4, 40},
          new int[] {0, 3},
          new int[] {3, 0});

  private static Tree tree(DType dtype, long seed) {
    Random random = new Random(seed);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (int i = 0; i < SHAPES.size(); i++) {
      int size = Arrays.stream(SHAPES.get(i)).reduce(1, (a, b) -> a * b);
      double[] data = random.doubles(size, -1, 3).toArray();
      tensors.put("leaf%02d".formatted(i), Tensor.of(dtype, data, SHAPES.get(i)));
    }
    return Tree.of(tensors);
  }

  /** Returns the leaf reduced over axes by a plain loop. */
  private static double[] reduced(
      Tensor leaf, int[] axes, DoubleBinaryOperator join, double first) {
    int[] shape = leaf.shape();
    int[] strides = new int[shape.length];
    int size = 1;
    for (int axis = shape.length - 1; axis >= 0; axis--) {
      int at = axis;
      boolean kept = Arrays.stream(axes).noneMatch(a -> a == at);
      strides[axis] = kept ? size : 0;
      size *= kept ? shape[axis] : 1;
    }
    double[] result = new double[size];
    Arrays.fill(result, first);
    double[] data = leaf.toDoubles();
    for (int i = 0; i < data.length; i++) {
      int to = small(i, shape, strides);
      result[to] = join.applyAsDouble(result[to], data[i]);
    }
    return result;
  }

  private static int small(int element, int[] shape, int[] strides) {
    int rest = element;
    int at = 0;
    for (int axis = shape.length - 1; axis >= 0; axis--) {
      at += rest % shape[axis] * strides[axis];
      rest /= shape[axis];
    }
    return at;
  }

  private static List<Axes> axes() {
    List<Axes> all = new ArrayList<>();
    all.add(Axes.all());
    for (int axis = 0; axis < 4; axis++) {
      all.add(Axes.of(axis));
      all.add(Axes.allBut(axis));
    }
    all.add(Axes.of(-1));
    all.add(Axes.of(0, 2));
    all.add(Axes.of(1, -1));
    all.add(Axes.of());
    return all;
  }

  private static double tolerance(DType dtype) {
    return dtype == DType.FLOAT64 ? 1e-12 : 1e-5;
  }

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"FLOAT32", "FLOAT64", "BFLOAT16"})
  void axesAgreeWithPlainLoops(DType dtype) {
    Tree tree = tree(dtype, 3);
    for (Axes axes : axes()) {
      Tree sums = tree.sumOver(axes).evaluate();
      Tree means = tree.meanOver(axes).evaluate();
      Tree largest = tree.maxOver(axes).evaluate();
      for (String path : tree.paths()) {
        Tensor leaf = tree.get(path);
        int[] chosen = axes.of(tree.structure().leaf(path));
        double[] expected = reduced(leaf, chosen, Double::sum, 0);
        double[] most = reduced(leaf, chosen, Math::max, Double.NEGATIVE_INFINITY);
        double count = expected.length == 0 ? 0 : (double) leaf.size() / expected.length;
        double[] sum = sums.get(path).toDoubles();
        assertThat(largest.get(path).toDoubles()).isEqualTo(most);
        assertThat(sum).hasSameSizeAs(expected);
        double[] mean = means.get(path).toDoubles();
        double far = 0;
        for (int i = 0; i < sum.length && count > 0; i++) {
          far = Math.max(far, Math.abs(sum[i] - expected[i]) / count);
          far = Math.max(far, Math.abs(mean[i] - expected[i] / count));
        }
        assertThat(far).isLessThan(tolerance(dtype));
        int[] shape = leaf.shape();
        Arrays.stream(chosen).forEach(axis -> shape[axis] = 1);
        assertThat(sums.get(path).shape()).isEqualTo(shape);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"FLOAT32", "FLOAT64", "BFLOAT16"})
  void broadcastIsTheWayBack(DType dtype) {
    Tree tree = tree(dtype, 4);
    for (Axes axes : axes()) {
      Tree largest = tree.maxOver(axes);
      Tree difference = tree.minus(largest.broadcast(tree)).evaluate();
      for (String path : tree.paths()) {
        Tensor leaf = tree.get(path);
        int[] chosen = axes.of(tree.structure().leaf(path));
        double[] most = reduced(leaf, chosen, Math::max, Double.NEGATIVE_INFINITY);
        int[] shape = leaf.shape();
        int[] strides = new int[shape.length];
        int size = 1;
        for (int axis = shape.length - 1; axis >= 0; axis--) {
          int at = axis;
          boolean kept = Arrays.stream(chosen).noneMatch(a -> a == at);
          strides[axis] = kept ? size : 0;
          size *= kept ? shape[axis] : 1;
        }
        double[] data = leaf.toDoubles();
        double[] expected = new double[data.length];
        for (int i = 0; i < data.length; i++) {
          double exact = data[i] - most[small(i, shape, strides)];
          expected[i] = dtype == DType.FLOAT64 ? exact : (float) exact;
        }
        assertThat(difference.get(path).toDoubles()).isEqualTo(expected);
      }
    }
  }

  @Test
  void leavesHaveNumbersOfTheirOwn() {
    Tree tree = tree(DType.FLOAT64, 5);
    Tree norms = tree.leafNorms().evaluate();
    Tree sums = tree.leafSums().evaluate();
    Tree squares = tree.leafNormsSquared().evaluate();
    Tree dots = tree.leafDots(tree.times(2)).evaluate();
    Tree rms = tree.leafRms().evaluate();
    Tree means = tree.leafMeans().evaluate();
    Tree largest = tree.leafMaxAbs().evaluate();
    for (String path : tree.paths()) {
      double[] data = tree.get(path).toDoubles();
      double square = Arrays.stream(data).map(x -> x * x).sum();
      assertThat(norms.get(path).toDoubles()[0]).isCloseTo(Math.sqrt(square), within(1e-9));
      assertThat(sums.get(path).toDoubles()[0]).isCloseTo(Arrays.stream(data).sum(), within(1e-9));
      assertThat(squares.get(path).toDoubles()[0]).isCloseTo(square, within(1e-8));
      assertThat(dots.get(path).toDoubles()[0]).isCloseTo(2 * square, within(1e-8));
      assertThat(largest.get(path).toDoubles()[0])
          .isEqualTo(Arrays.stream(data).map(Math::abs).max().orElse(0));
      if (data.length > 0) {
        assertThat(rms.get(path).toDoubles()[0])
            .isCloseTo(Math.sqrt(square / data.length), within(1e-12));
        assertThat(means.get(path).toDoubles()[0])
            .isCloseTo(Arrays.stream(data).average().orElse(0), within(1e-12));
      } else {
        assertThat(rms.get(path).toDoubles()[0]).isNaN();
      }
    }
  }

  @Test
  void normsOfLeavesNeitherOverflowNorUnderflow() {
    Tree tree =
        Tree.of(
            Map.of(
                "a", Tensor.of(new double[] {3e300, 4e300}),
                "b", Tensor.of(new double[] {3e-300, 4e-300}),
                "c", Tensor.of(new float[] {3e30f, 4e30f})));
    Tree norms = tree.leafNorms().evaluate();
    assertThat(norms.get("a").toDoubles()[0]).isCloseTo(5e300, within(1e288));
    assertThat(norms.get("b").toDoubles()[0]).isCloseTo(5e-300, within(1e-312));
    assertThat(norms.get("c").toDoubles()[0]).isCloseTo(5e30, within(1e25));
    Tree unit = tree.dividedBy(norms.broadcast(tree)).evaluate();
    assertThat(unit.get("c").toDoubles()[1]).isCloseTo(0.8, within(1e-6));
  }

  /** Keeps means of squares over rows and columns, and the norm of each leaf's update. */
  private record Factored() implements GradientTransformation<Factored.State> {
    record State(Tree rows, Tree columns, Tree norms) {}

    @Override
    public State initialState(Tree params) {
      return new State(
          params.zeros().sumOver(Axes.of(-1)),
          params.zeros().sumOver(Axes.allBut(-1)),
          params.leafNorms());
    }

    @Override
    public Step<State> step(Tree g, State state, Tree x, Extras extras) {
      Tree squares = g.square().plus(1e-3);
      Tree rows = state.rows().times(0.9).plus(squares.meanOver(Axes.of(-1)).times(0.1));
      Tree columns = state.columns().times(0.9).plus(squares.meanOver(Axes.allBut(-1)).times(0.1));
      Tree u = g.dividedBy(rows.sqrt().broadcast(g)).dividedBy(columns.sqrt().broadcast(g));
      Tree norms = state.norms().max(u.leafNorms());
      Tree scaled = u.times(state.norms().dividedBy(norms.plus(1)).broadcast(u));
      return Step.of(scaled.times(-0.01), new State(rows, columns, norms));
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"FLOAT32", "FLOAT64", "BFLOAT16"})
  void aStepHasTheSameBitsInPlaceOnAnyNumberOfThreadsAndPacked(DType dtype) {
    Tree start = tree(dtype, 6);
    List<Tree> gradients = List.of(tree(dtype, 7), tree(dtype, 8), tree(dtype, 9));
    Tree params = start;
    Factored.State state = new Factored().init(params);
    for (Tree g : gradients) {
      Applied<Factored.State> applied = new Factored().apply(g, state, params);
      params = applied.params();
      state = applied.state();
    }
    assertThat(params.get("leaf04").toDoubles()[5])
        .isNotEqualTo(start.get("leaf04").toDoubles()[5]);
    for (int threads = 1; threads <= 3; threads++) {
      for (boolean packed : new boolean[] {false, true}) {
        Stepper<Factored.State> stepper =
            Stepper.of(new Factored(), packed ? start.packed() : start).threads(threads);
        gradients.forEach(g -> stepper.step(packed ? g.packed() : g));
        assertThat(stepper.params().sameBits(params)).isTrue();
        assertThat(stepper.state().rows().sameBits(state.rows())).isTrue();
        assertThat(stepper.state().columns().sameBits(state.columns())).isTrue();
        assertThat(stepper.state().norms().sameBits(state.norms())).isTrue();
      }
    }
  }

  @Test
  void manyLeavesShareLoops() {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (int i = 0; i < 150; i++) {
      tensors.put("leaf%03d".formatted(i), Tensor.of(new float[40 + i]));
    }
    Tree params = Tree.of(tensors);
    Stepper<Stateless.EmptyState> stepper =
        Stepper.of(
            Transforms.stateless(
                (g, x) -> g.times(x.leafNorms().plus(1).sqrt().broadcast(g)).negate()),
            params);
    stepper.step(params);
    String report = stepper.explain();
    assertThat(report.lines().filter(line -> line.startsWith("pass"))).hasSize(3);
    assertThat(report).contains("1 loop").doesNotContain(" loops");
  }

  @Test
  void refusesWhatDoesNotFit() {
    Tree a = Tree.of("w", Tensor.of(new double[6], 2, 3));
    Tree b = Tree.of("w", Tensor.of(new double[3], 3));
    Tree c = Tree.of("v", Tensor.of(new double[6], 2, 3));
    assertThatThrownBy(() -> b.broadcast(a))
        .hasMessage(
            "leaf \"w\" must have no axes, or those of [2, 3] with a length of 1 for some, but had"
                + " [3]");
    assertThatThrownBy(() -> c.broadcast(a))
        .hasMessage("the tree to broadcast must have the paths of the other, [w], but had [v]");
    assertThatThrownBy(() -> a.sumOver(leaf -> new int[] {2}))
        .hasMessage("axes of leaf \"w\" must be from 0 to 1, but had 2");
  }
}
