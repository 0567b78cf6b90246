package dev.glissade.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.glissade.Applied;
import dev.glissade.DType;
import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.Scalar;
import dev.glissade.Stepper;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import dev.glissade.catalog.Names;
import dev.glissade.records.Records;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A recorded case: an optimizer, parameters, the gradients of each step or a problem that has
 * gradients, and the parameters and the last state that the original computed. {@code
 * conformance/README.md} describes the format.
 */
public record Trajectory(String name, JsonNode source) {
  private static final Path ROOT = Path.of("../conformance");
  private static final List<String> FOLDERS =
      List.of("trajectories", "optax/trajectories", "optax/corrected");

  private static final double FLOAT64_BOUND = 1e-9;

  /** Where noise cancels, the normals' last bits (2e-6) make this of the smallest scale. */
  private static final double FLOAT32_NOISE_BOUND = 1e-3;

  private static final double SMALLEST_SCALE = 1e-3;

  /** Returns all cases, by name. */
  public static List<Trajectory> all() throws IOException {
    List<Trajectory> all = new ArrayList<>();
    for (String folder : FOLDERS) {
      try (Stream<Path> files = Files.list(ROOT.resolve(folder))) {
        files
            .filter(f -> f.toString().endsWith(".json"))
            .sorted()
            .map(Trajectory::of)
            .forEach(all::add);
      }
    }
    return all;
  }

  private static Trajectory of(Path file) {
    try {
      JsonNode source = new ObjectMapper().readTree(file.toFile());
      return new Trajectory(ROOT.relativize(file).toString().replace(".json", ""), source);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the names of the optimizers, transformations and schedules of which it is made. */
  public Set<String> parts() {
    Set<String> parts = new TreeSet<>();
    collectParts(source.get("optimizer"), parts);
    return parts;
  }

  /** Returns the parts that are not in the catalog. */
  public Set<String> unknownParts() {
    Set<String> unknown = parts();
    RecordedFunctions.catalog().entries().forEach(entry -> unknown.remove(entry.name()));
    return unknown;
  }

  /** Returns the optimizer. */
  public GradientTransformation<?> optimizer() {
    Object plain = new ObjectMapper().convertValue(source.get("optimizer"), Map.class);
    return RecordedFunctions.catalog().optimizer(plain);
  }

  private static void collectParts(JsonNode node, Set<String> parts) {
    if (node.has("args")) {
      parts.add(node.get("name").textValue());
    }
    node.forEach(child -> collectParts(child, parts));
  }

  /**
   * Requires every step, and the last state, to be the original's. A float32 run with a line search
   * may take another branch, so it only has to run.
   */
  public void requireOriginals(DType dtype, boolean inPlace) {
    requireOriginals(optimizer(), dtype, inPlace);
  }

  private <S> void requireOriginals(
      GradientTransformation<S> optimizer, DType dtype, boolean inPlace) {
    JsonNode expected = expected(dtype);
    Arguments arguments = Arguments.of(source, dtype);
    assertThat(expected).as("steps").isNotEmpty().hasSize(arguments.steps());
    Stepper<S> stepper = Stepper.of(optimizer, tree(source.get("params"), dtype));
    Applied<S> now = new Applied<>(stepper.params().copy(), stepper.state());
    for (int step = 0; step < expected.size(); step++) {
      requireLoss(arguments, now.params(), step);
      Tree gradients = arguments.gradients(step, now.params());
      Extras extras = arguments.extras(step, now.params(), gradients);
      if (inPlace) {
        stepper.step(gradients, extras);
        now = new Applied<>(stepper.params(), stepper.state());
      } else {
        now = optimizer.apply(gradients, now.state(), now.params(), extras);
      }
      double error = error(now.params(), tree(expected.get(step), DType.FLOAT64));
      assertThat(error).as("error after step %d", step + 1).isLessThanOrEqualTo(bound(dtype));
      if (dtype == DType.FLOAT64) { // no bound is recorded for others
        requireEvalParams(optimizer.evalParams(now.state(), now.params()), step);
      }
    }
    if (dtype == DType.FLOAT64) {
      requireState(now.state());
    }
  }

  /** Requires the averaged parameters of Schedule-Free, or the slow ones of lookahead. */
  private void requireEvalParams(Tree have, int step) {
    for (String name : List.of("eval_params", "slow_params")) {
      JsonNode want = source.get("expected").path(name).path(step);
      if (!want.isMissingNode()) {
        assertThat(error(have.evaluate(), tree(want, DType.FLOAT64)))
            .as("error of %s after step %d", name, step + 1)
            .isLessThanOrEqualTo(FLOAT64_BOUND);
      }
    }
  }

  private void requireLoss(Arguments arguments, Tree params, int step) {
    JsonNode losses = source.get("expected").get("losses");
    if (arguments.problem() != null && arguments.dtype() == DType.FLOAT64) {
      double loss = arguments.problem().value(RecordedProblem.vector(params));
      assertThat(error(loss, losses.get(step).doubleValue()))
          .as("error of the loss before step %d", step + 1)
          .isLessThanOrEqualTo(FLOAT64_BOUND);
    }
  }

  /** What a case gives to each step. */
  private record Arguments(
      JsonNode source, DType dtype, @Nullable RecordedProblem problem, List<String> needs) {
    static Arguments of(JsonNode source, DType dtype) {
      JsonNode problem = source.get("problem");
      List<String> needs = new ArrayList<>();
      source.path("needs").forEach(need -> needs.add(need.textValue()));
      return new Arguments(
          source, dtype, problem == null ? null : RecordedProblem.of(problem), needs);
    }

    int steps() {
      return problem == null ? source.get("gradients").size() : source.get("steps").intValue();
    }

    Tree gradients(int step, Tree params) {
      return problem == null
          ? tree(source.get("gradients").get(step), dtype)
          : RecordedProblem.tree(problem.gradient(RecordedProblem.vector(params)), params);
    }

    Extras extras(int step, Tree params, Tree gradients) {
      Extras extras = Extras.NONE;
      if (source.has("values")) {
        extras = extras.withValue(source.get("values").get(step).doubleValue());
      }
      if (source.has("hessian_diagonals")) {
        extras =
            extras.with("hessian_diagonal", tree(source.get("hessian_diagonals").get(step), dtype));
      }
      if (problem != null && needs.contains("value")) {
        extras = extras.withValue(problem.value(RecordedProblem.vector(params)));
      }
      if (problem != null && needs.contains("obj_fn")) {
        extras = extras.withHessianProduct(RecordedProblem.product(problem));
      }
      if (problem != null && needs.contains("value_fn")) {
        extras = extras.withLossFunction(RecordedProblem.loss(problem));
      }
      return needs.contains("grad") ? extras.with("grad", gradients) : extras;
    }
  }

  private JsonNode expected(DType dtype) {
    JsonNode expected = source.get("expected");
    boolean single = dtype == DType.FLOAT32 && expected.has("params_float32");
    return expected.get(single ? "params_float32" : "params");
  }

  private double bound(DType dtype) {
    JsonNode error = source.get("expected").get("f32_error");
    if (dtype == DType.FLOAT64) {
      return FLOAT64_BOUND;
    }
    for (JsonNode need : source.path("needs")) {
      if (need.textValue().equals("value_fn")) {
        return Double.POSITIVE_INFINITY;
      }
    }
    return error.isNull() ? FLOAT32_NOISE_BOUND : 2 * error.doubleValue() + 1e-5;
  }

  private void requireState(Object state) {
    Map<String, List<Double>> have = numbers(state);
    source
        .get("expected")
        .get("state")
        .properties()
        .forEach(entry -> {
          List<Double> want = new ArrayList<>();
          double less = first(entry.getKey());
          entry.getValue().forEach(number -> want.add(number.doubleValue() - less));
          assertThat(have).containsKey(entry.getKey());
          assertThat(have.get(entry.getKey())).as(entry.getKey()).hasSameSizeAs(want).isNotEmpty();
          for (int i = 0; i < want.size(); i++) {
            assertThat(error(have.get(entry.getKey()).get(i), want.get(i)))
                .as("error of %s", entry.getKey())
                .isLessThanOrEqualTo(FLOAT64_BOUND);
          }
        });
  }

  /** Returns 1 for the count that the original starts at 1, unless the case corrects that. */
  private double first(String entry) {
    return entry.equals("step_count") && !source.has("corrects") ? 1 : 0;
  }

  /** Returns a state's numbers by documented name, a list of scalars under one. */
  private static Map<String, List<Double>> numbers(Object state) {
    Map<String, List<Double>> numbers = new LinkedHashMap<>();
    Records.walk(
        state,
        (path, leaf) -> {
          if (leaf instanceof Scalar scalar) {
            String name = Names.snake(path.replaceFirst("/\\d+$", ""));
            numbers.computeIfAbsent(name, n -> new ArrayList<>()).add(scalar.value());
          }
        });
    return numbers;
  }

  /** The largest |difference| / max(|value|, 1e-3) of two trees, complex ones by their modulus. */
  private static double error(Tree have, Tree want) {
    assertThat(have.paths()).isEqualTo(want.paths());
    double largest = 0;
    for (String path : want.paths()) {
      Tensor there = want.get(path);
      Tensor here = have.get(path);
      assertThat(here.shape()).as(path).isEqualTo(there.shape());
      for (int i = 0; i < there.size(); i++) {
        largest = Math.max(largest, error(here, there, i));
      }
    }
    return largest;
  }

  private static double error(Tensor have, Tensor want, int i) {
    if (!want.dtype().isComplex()) {
      return error(have.get(i), want.get(i));
    }
    double real = want.real().get(i);
    double imaginary = want.imaginary().get(i);
    double distance = Math.hypot(have.real().get(i) - real, have.imaginary().get(i) - imaginary);
    return distance / Math.max(Math.hypot(real, imaginary), SMALLEST_SCALE);
  }

  private static double error(double have, double want) {
    return Math.abs(have - want) / Math.max(Math.abs(want), SMALLEST_SCALE);
  }

  static Tree tree(JsonNode leaves, DType real) {
    Map<String, Tensor> tree = new LinkedHashMap<>();
    leaves.properties().forEach(leaf -> tree.put(leaf.getKey(), tensor(leaf.getValue(), real)));
    return Tree.of(tree);
  }

  private static Tensor tensor(JsonNode leaf, DType real) {
    JsonNode shape = leaf.get("shape");
    int[] lengths = new int[shape.size()];
    for (int i = 0; i < lengths.length; i++) {
      lengths[i] = shape.get(i).intValue();
    }
    if (leaf.has("imag")) {
      return Tensor.complex(
          Tensor.of(real, doubles(leaf.get("real")), lengths),
          Tensor.of(real, doubles(leaf.get("imag")), lengths));
    }
    return Tensor.of(real, doubles(leaf.get("data")), lengths);
  }

  static double[] doubles(JsonNode numbers) {
    double[] doubles = new double[numbers.size()];
    for (int i = 0; i < doubles.length; i++) {
      doubles[i] = numbers.get(i).doubleValue();
    }
    return doubles;
  }

  @Override
  public String toString() {
    return name;
  }
}
