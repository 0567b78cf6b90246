package dev.glissade.projection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.glissade.DType;
import dev.glissade.GradientTransformation;
import dev.glissade.Stepper;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import dev.glissade.catalog.Catalog;
import dev.glissade.optimizer.Optimizers;
import dev.glissade.transform.KeepParamsIn;
import dev.glissade.transform.Transforms;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Projections are the original's, the nearest points of their sets, and work inside a step. */
class ProjectionsTest {

  /** A recorded case. */
  private record Recorded(JsonNode source) {
    Tree input(String name) {
      return tree(source.get("inputs").get(name));
    }

    /** The projection; defaults are those of the original. */
    Projection projection() {
      String name = source.get("function").textValue();
      JsonNode args = source.get("args");
      double b = args.path("b").doubleValue();
      return switch (name) {
        case "projection_box" -> Projections.box(input("lower"), input("upper"));
        case "projection_vector" -> Projections.vector(input("a"));
        case "projection_hyperplane" -> Projections.hyperplane(input("a"), b);
        case "projection_halfspace" -> Projections.halfspace(input("a"), b);
        default ->
            named(Map.of("name", name, "args", new ObjectMapper().convertValue(args, Map.class)));
      };
    }

    @Override
    public String toString() {
      return source.get("function").textValue() + source.get("args");
    }
  }

  private static Projection named(Map<String, Object> plain) {
    GradientTransformation<?> keeping =
        Catalog.standard()
            .optimizer(Map.of("name", "keep_params_in", "args", Map.of("projection", plain)));
    return ((KeepParamsIn) keeping).projection();
  }

  private static Tree tree(JsonNode node) {
    if (node.has("shape")) {
      return Tree.of("leaf", tensor(node));
    }
    Map<String, Tensor> leaves = new LinkedHashMap<>();
    node.properties().forEach(leaf -> leaves.put(leaf.getKey(), tensor(leaf.getValue())));
    return Tree.of(leaves);
  }

  private static Tensor tensor(JsonNode leaf) {
    int[] shape =
        IntStream.range(0, leaf.get("shape").size())
            .map(i -> leaf.get("shape").get(i).intValue())
            .toArray();
    double[] data =
        IntStream.range(0, leaf.get("data").size())
            .mapToDouble(i -> leaf.get("data").get(i).doubleValue())
            .toArray();
    return Tensor.of(DType.FLOAT64, data, shape);
  }

  static Stream<Recorded> recorded() throws IOException {
    JsonNode cases =
        new ObjectMapper().readTree(Path.of("../conformance/optax/projections.json").toFile());
    assertThat(cases.get("cases").size()).isGreaterThan(40);
    return IntStream.range(0, cases.get("cases").size())
        .mapToObj(i -> new Recorded(cases.get("cases").get(i)));
  }

  private static Tree params(Recorded one) {
    return one.input(one.source().get("inputs").has("x") ? "x" : "tree");
  }

  private static void assertClose(Tree have, Tree want) {
    assertThat(have.paths()).isEqualTo(want.paths());
    want.forEach((path, tensor) ->
        assertThat(have.get(path).toDoubles())
            .as(path)
            .containsExactly(tensor.toDoubles(), offset(1e-12)));
  }

  @ParameterizedTest
  @MethodSource("recorded")
  void areTheOriginals(Recorded one) {
    assertClose(one.projection().of(params(one)).evaluate(), tree(one.source().get("value")));
  }

  /** The first step of 0 projects the parameters, in place and not, and a second changes little. */
  @ParameterizedTest
  @MethodSource("recorded")
  void keepParametersInTheirSets(Recorded one) {
    Tree params = params(one);
    GradientTransformation<?> descent =
        Transforms.chain(Optimizers.sgd(0.5), Transforms.keepParamsIn(one.projection()));
    Stepper<?> stepper = Stepper.of(descent, params);
    Tree zero = params.zeros().evaluate();
    stepper.step(zero);
    Tree want = tree(one.source().get("value"));
    assertClose(stepper.params(), want);
    assertClose(applied(descent, zero, params), want);
    stepper.step(zero);
    assertClose(stepper.params(), want);
  }

  private static <S> Tree applied(GradientTransformation<S> optimizer, Tree g, Tree x) {
    return optimizer.apply(g, optimizer.init(x), x).params();
  }

  private static Tree vector(DType type, double... numbers) {
    return Tree.of("w", Tensor.of(type, numbers, numbers.length));
  }

  private static double[] of(Projection projection, Tree x) {
    return projection.of(x).evaluate().get("w").toDoubles();
  }

  /** Of all vectors that add up to scale, none is nearer: the conditions of the minimum hold. */
  @Test
  void theSimplexHasTheNearestPoint() {
    Random random = new Random(1);
    for (int round = 0; round < 200; round++) {
      double[] x = random.doubles(1 + random.nextInt(40)).map(u -> 6 * u - 3).toArray();
      double scale = round % 10 == 0 ? 0 : 4 * random.nextDouble();
      double[] y = of(Projections.simplex(scale), vector(DType.FLOAT64, x));
      assertThat(Arrays.stream(y).sum()).isCloseTo(scale, offset(1e-12));
      double tau = IntStream.range(0, x.length).mapToDouble(i -> x[i] - y[i]).max().orElseThrow();
      for (int i = 0; i < x.length; i++) {
        assertThat(y[i]).isNotNegative();
        assertThat(x[i] - y[i]).isCloseTo(y[i] > 0 ? tau : x[i], offset(1e-12));
        assertThat(x[i] - y[i]).isLessThanOrEqualTo(tau + 1e-12);
      }
    }
  }

  @Test
  void zeroStaysZero() {
    Tree zero = vector(DType.FLOAT32, 0, 0);
    Tree ones = vector(DType.FLOAT32, 1, 1);
    assertThat(of(Projections.l2Sphere(2), zero)).containsExactly(0, 0);
    assertThat(of(Projections.l1Sphere(2), zero)).containsExactly(0, 0);
    assertThat(of(Projections.vector(zero), ones)).containsExactly(0, 0);
    assertThat(of(Projections.hyperplane(zero, 1), ones)).containsExactly(1, 1);
    assertThat(of(Projections.halfspace(zero, -1), ones)).containsExactly(1, 1);
    for (Projection projection :
        List.of(
            Projections.simplex(0),
            Projections.l1Ball(0),
            Projections.l1Sphere(0),
            Projections.l2Ball(0),
            Projections.l2Sphere(0),
            Projections.linfBall(0),
            Projections.hypercube(0))) {
      for (Tree x : List.of(zero, vector(DType.FLOAT64, 3, -4))) {
        double[] none = Arrays.stream(of(projection, x)).map(Math::abs).toArray();
        assertThat(none).as("%s", projection).containsExactly(0, 0);
      }
    }
    assertThat(of(Projections.simplex(1), zero)).containsExactly(0.5, 0.5);
  }

  @Test
  void hugeNumbersKeepTheirPlaces() {
    double inf = Double.POSITIVE_INFINITY;
    assertThat(of(Projections.simplex(2), vector(DType.FLOAT32, inf, 1, -inf, inf)))
        .containsExactly(1, 0, 0, 1);
    assertThat(of(Projections.l1Sphere(2), vector(DType.FLOAT64, -inf, 1))).containsExactly(-2, 0);
    assertThat(of(Projections.simplex(1), vector(DType.FLOAT32, 3e38, -3e38)))
        .containsExactly(1, 0);
    assertThat(of(Projections.l2Ball(1), vector(DType.FLOAT32, 3e38, -3e38)))
        .containsExactly(new double[] {Math.sqrt(0.5), -Math.sqrt(0.5)}, offset(1e-6));
    assertThat(of(Projections.vector(vector(DType.FLOAT64, 1e200, 0)), vector(DType.FLOAT64, 3, 4)))
        .containsExactly(new double[] {3, 0}, offset(1e-12));
    assertThat(of(Projections.simplex(1), vector(DType.FLOAT32, Double.NaN, 1)))
        .containsOnly(Double.NaN);
  }

  @Test
  void aPointInTheSetStaysWhereItIs() {
    Tree inside = vector(DType.FLOAT32, 0.1, -0.7);
    for (Projection projection :
        List.of(
            Projections.l1Ball(1),
            Projections.l2Ball(1),
            Projections.linfBall(1),
            Projections.box(-1, 1),
            Projections.box(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY),
            Projections.halfspace(vector(DType.FLOAT32, 1, 1), 0))) {
      assertThat(projection.of(inside).evaluate().sameBits(inside)).as("%s", projection).isTrue();
    }
  }

  /** Minimizes |x - c|^2 over the probabilities: the minimum is the projection of c. */
  @Test
  void projectedDescentFindsTheMinimumOfTheSet() {
    Tree c = vector(DType.FLOAT64, 0.9, 0.8, -2);
    Stepper<?> stepper =
        Stepper.of(
            Transforms.chain(Optimizers.sgd(0.1), Transforms.keepParamsIn(Projections.simplex(1))),
            vector(DType.FLOAT64, 0, 0, 1));
    for (int i = 0; i < 400; i++) {
      stepper.step(stepper.params().minus(c).evaluate());
    }
    assertThat(stepper.params().get("w").toDoubles())
        .containsExactly(new double[] {0.55, 0.45, 0}, offset(1e-9));
  }

  /** Small types are projected in float32, and trees of several types are one vector. */
  @Test
  void takesEachTypeAndSeveral() {
    for (DType type : List.of(DType.FLOAT64, DType.FLOAT32, DType.BFLOAT16, DType.FLOAT16)) {
      assertThat(of(Projections.simplex(1), vector(type, 0.5, 0.25, -8)))
          .containsExactly(new double[] {0.625, 0.375, 0}, offset(1e-6));
    }
    Tree mixed = Tree.of("a", Tensor.of(new float[] {3}), "b", Tensor.of(new double[] {4}));
    Tree projected = Projections.l2Ball(1).of(mixed).evaluate();
    assertThat(projected.structure()).isEqualTo(mixed.structure());
    assertThat(projected.norm().evaluate().value()).isCloseTo(1, offset(1e-6));
    Tree simplex = Projections.simplex(1).of(mixed).evaluate();
    assertThat(simplex.get("a").toDoubles()).containsExactly(0);
    assertThat(simplex.get("b").toDoubles()).containsExactly(1);
    assertThat(Projections.simplex(1).of(Tree.empty()).evaluate().paths()).isEmpty();
  }

  @Test
  void wrongArgumentsAreRefused() {
    assertThatThrownBy(() -> Projections.simplex(-1))
        .hasMessage("scale must not be negative, but was -1.0");
    assertThatThrownBy(() -> Projections.l2Ball(Double.POSITIVE_INFINITY))
        .hasMessage("scale must be finite, but was Infinity");
    assertThatThrownBy(() -> Projections.box(2, 1))
        .hasMessage("lower must be at most upper, 1.0, but was 2.0");
    assertThatThrownBy(() -> Projections.box(Double.NaN, 1)).hasMessageContaining("NaN");
    Tree complex = Tree.of("z", Tensor.complex(new float[] {1}, new float[] {2}, 1));
    assertThatThrownBy(() -> Projections.simplex(1).of(complex))
        .hasMessageContaining("leaf \"z\" must be real");
    assertThatThrownBy(() ->
            Projections.hyperplane(vector(DType.FLOAT32, 1), 1).of(vector(DType.FLOAT32, 1, 2)))
        .hasMessageContaining("must have the shape");
  }
}
