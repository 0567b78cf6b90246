package dev.glissade.tensorflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.glissade.DType;
import dev.glissade.GradientTransformation;
import dev.glissade.Stepper;
import dev.glissade.Tree;
import dev.glissade.catalog.Catalog;
import dev.glissade.contrib.AllOptimizers;
import dev.glissade.optimizer.Optimizers;
import dev.glissade.testing.Given;
import dev.glissade.transform.Transforms;
import dev.glissade.transform.WeightLayout;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.Session;

/** With the same gradients, the same trajectory as the core's. */
@Tag("vectors")
class TrajectoryTest {
  private static final Map<String, Map<String, Object>> ALL = AllOptimizers.plain();

  /** Many tests use it one after the other, since a new session takes a while. */
  private static final SmallGraph GRAPH = new SmallGraph();

  @AfterAll
  static void close() {
    GRAPH.close();
  }

  /** All but those of per-example gradients. */
  static Stream<String> names() {
    return ALL.keySet().stream().filter(name -> !optimizer(name).perExample());
  }

  private static GradientTransformation<?> optimizer(String name) {
    return Given.to(Catalog.standard().optimizer(ALL.get(name)));
  }

  @ParameterizedTest
  @MethodSource("names")
  void isThatOfTheCore(String name) {
    GRAPH.session.forceInitialize();
    GradientTransformation<?> same = WeightLayout.IN_OUT.appliedTo(optimizer(name));
    Map<Operand<?>, Output<?>> gradients = GRAPH.gradients();
    try (var stepper = GraphStepper.of(GRAPH.session, GRAPH.loss, gradients, optimizer(name))) {
      compare(GRAPH, stepper, same, 8);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"adamw", "prodigy", "sam", "schedule_free", "soap"})
  void isSoWithResourceVariables(String name) {
    try (SmallGraph graph = new SmallGraph(SmallGraph.type(DType.FLOAT32), true)) {
      compare(graph, optimizer(name), optimizer(name), 25);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "FLOAT64, false, prodigy",
    "FLOAT64, true, prodigy",
    "FLOAT16, false, master_weights(prodigy)",
    "FLOAT16, true, adam",
    "BFLOAT16, false, master_weights(prodigy)",
    "BFLOAT16, true, adam"
  })
  void isSoInOtherTypes(DType dtype, boolean resource, String name) {
    try (SmallGraph graph = new SmallGraph(SmallGraph.type(dtype), resource)) {
      compare(graph, optimizer(name), optimizer(name), 8);
    }
  }

  /** As with variables on a GPU. */
  @ParameterizedTest
  @ValueSource(strings = {"adamw", "prodigy", "schedule_free"})
  void isSoWhereMemoryIsNotShared(String name) {
    try (SmallGraph graph = new SmallGraph();
        GraphStepper stepper =
            new GraphStepper(
                graph.session,
                LossGradients.of(graph.graph, graph.loss),
                optimizer(name),
                (session, variable, fetched) -> new CopiedMemory(variable, fetched))) {
      compare(graph, stepper, optimizer(name), 8);
      graph.set("out/bias", 7);
      stepper.freeze(path -> !path.equals("out/bias")).step(graph.batch(0));
      assertThat(graph.params().get("out/bias")[0]).isBetween(5.0, 8.0).isNotEqualTo(7);
    }
  }

  private static GradientTransformation<?> ofLayout(WeightLayout layout) {
    return Transforms.chain(
        Transforms.adaptiveGradClip(0.05).layout(layout),
        Transforms.centralize().layout(layout),
        Optimizers.sgd(0.1));
  }

  /** TensorFlow's kernels are (in, out). */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void takesWeightsAsTensorFlowKeepsThem(boolean resource) {
    try (SmallGraph graph = new SmallGraph(SmallGraph.type(DType.FLOAT32), resource)) {
      compare(graph, ofLayout(WeightLayout.OUT_IN), ofLayout(WeightLayout.IN_OUT), 8);
    }
  }

  private static void compare(
      SmallGraph graph,
      GradientTransformation<?> optimizer,
      GradientTransformation<?> same,
      int steps) {
    try (GraphStepper stepper = GraphStepper.of(graph.session, graph.loss, optimizer)) {
      compare(graph, stepper, same, steps);
    }
  }

  private static void compare(
      SmallGraph graph, GraphStepper stepper, GradientTransformation<?> same, int steps) {
    Stepper<?> core = Stepper.of(same, graph.tree());
    assertThat(graph.gradients(graph.batch(0)).sameBits(graph.gradients(graph.batch(1)))).isFalse();
    for (int step = 0; step < steps; step++) {
      Consumer<Session.Runner> batch = graph.batch(step);
      Tree gradients = graph.gradients(batch);
      stepper.step(batch);
      core.step(gradients);
      int number = step;
      graph
          .params()
          .forEach((path, have) ->
              assertThat(have)
                  .as("%s at step %d", path, number)
                  .containsExactly(core.params().get(path).toDoubles(), within(1e-6)));
    }
    assertThat(stepper.steps()).isEqualTo(steps);
  }
}
