package dev.glissade.tensorflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.NonFinite;
import dev.glissade.NonFiniteException;
import dev.glissade.contrib.Contrib;
import dev.glissade.optimizer.Optimizers;
import dev.glissade.transform.Transforms;
import java.util.Map;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.types.TFloat32;

/** A step that throws is as if it had not been. */
class FailedStepsTest {

  private static void assertSame(Map<String, double[]> have, Map<String, double[]> want) {
    have.forEach((path, numbers) -> assertThat(numbers).as(path).isEqualTo(want.get(path)));
  }

  private static GradientTransformation<?> optimizer(String name) {
    GradientTransformation<?> adversary =
        Transforms.chain(Contrib.normalize(), Optimizers.sgd(0.05));
    return switch (name) {
      case "prodigy" -> Contrib.prodigy();
      case "lbfgs" -> Optimizers.lbfgs();
      default -> Contrib.sam(Optimizers.adam(0.005), adversary).opaqueMode(true);
    };
  }

  /** The variables after the steps of two batches, with something between them. */
  private static Map<String, double[]> after(
      String name, boolean resource, BiConsumer<SmallGraph, GraphStepper> between) {
    try (SmallGraph graph = new SmallGraph(TFloat32.class, resource);
        var stepper = GraphStepper.of(graph.session, graph.loss, optimizer(name))) {
      stepper.step(graph.batch(0));
      between.accept(graph, stepper);
      stepper.step(graph.batch(1));
      return graph.params();
    }
  }

  @ParameterizedTest
  @CsvSource({"prodigy, false", "prodigy, true", "sam opaque, false", "sam opaque, true"})
  void gradientsThatAreNotFiniteAreRefusedOrSkipped(String name, boolean resource) {
    Map<String, double[]> refused =
        after(
            name,
            resource,
            (graph, stepper) -> {
              stepper.nonFinite(NonFinite.ERROR);
              Map<String, double[]> before = graph.params();
              assertThatThrownBy(() -> stepper.step(graph.notFinite()))
                  .isInstanceOf(NonFiniteException.class);
              assertSame(graph.params(), before);
            });
    assertSame(refused, after(name, resource, (graph, stepper) -> {}));
    after(
        name,
        resource,
        (graph, stepper) -> {
          stepper.nonFinite(NonFinite.SKIP);
          Map<String, double[]> before = graph.params();
          assertThat(stepper.step(graph.notFinite())).isNaN();
          assertSame(graph.params(), before);
          assertThat(stepper.estimates()).containsEntry("skipped", 1.0);
          assertThat(stepper.steps()).isEqualTo(2);
        });
    Map<String, double[]> allowed =
        after(name, resource, (graph, stepper) -> stepper.step(graph.notFinite()));
    assertThat(allowed.get("hidden/kernel")).contains(Double.NaN);
  }

  private static final Extras FAILING =
      Extras.NONE.withGradientFunction((params, i) -> {
        throw new IllegalStateException("no gradients today");
      });

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aStepThatThrewCanBeTriedAgainOrLeft(boolean resource) {
    Map<String, double[]> left =
        after("sam opaque", resource, (graph, stepper) -> fail(graph, stepper, 2));
    assertSame(left, after("sam opaque", resource, (graph, stepper) -> {}));
    Map<String, double[]> again =
        after(
            "sam opaque",
            resource,
            (graph, stepper) -> {
              fail(graph, stepper, 2);
              stepper.step(graph.batch(2));
            });
    assertSame(
        again, after("sam opaque", resource, (graph, stepper) -> stepper.step(graph.batch(2))));
    assertThat(again.get("out/bias")).isNotEqualTo(left.get("out/bias"));
  }

  private static void fail(SmallGraph graph, GraphStepper stepper, int batch) {
    Map<String, double[]> before = graph.params();
    assertThatThrownBy(() -> stepper.step(graph.batch(batch), FAILING))
        .hasMessage("no gradients today");
    assertSame(graph.params(), before);
  }

  /** The search itself runs the graph, the first time well and then no more. */
  @ParameterizedTest
  @CsvSource({"sam opaque, false", "sam opaque, true", "lbfgs, false", "lbfgs, true"})
  void aRunThatFailsInTheMiddleOfAStepChangesNothing(String name, boolean resource) {
    Map<String, double[]> have =
        after(
            name,
            resource,
            (graph, stepper) -> {
              Map<String, double[]> before = graph.params();
              int[] runs = {0};
              var batch = graph.batch(2);
              assertThatThrownBy(() ->
                      stepper.step(runner -> {
                        if (++runs[0] > 1) {
                          throw new IllegalStateException("no more examples");
                        }
                        batch.accept(runner);
                      }))
                  .hasMessage("no more examples");
              assertSame(graph.params(), before);
            });
    assertSame(have, after(name, resource, (graph, stepper) -> {}));
  }

  /** Resource variables are at the ascended parameters then, and can't be assigned any more. */
  @Test
  void anErrorThatFollowsDoesNotHideTheFirst() {
    try (SmallGraph graph = new SmallGraph(TFloat32.class, true);
        var stepper = GraphStepper.of(graph.session, graph.loss, optimizer("sam opaque"))) {
      int[] runs = {0};
      var batch = graph.batch(0);
      assertThatThrownBy(() ->
              stepper.step(runner -> {
                if (++runs[0] > 1) {
                  graph.session.close();
                  throw new IllegalStateException("no more examples");
                }
                batch.accept(runner);
              }))
          .hasMessage("no more examples")
          .satisfies(e ->
              assertThat(e.getSuppressed())
                  .singleElement()
                  .extracting(Throwable::getMessage)
                  .asString()
                  .startsWith("the session must be open"));
    }
  }

  @Test
  void aBatchThatTensorFlowRefusesChangesNothing() {
    Map<String, double[]> have =
        after(
            "prodigy",
            false,
            (graph, stepper) -> {
              assertThatThrownBy(() -> stepper.step(runner -> {}))
                  .hasMessageContaining("You must feed a value for placeholder tensor");
              assertThatThrownBy(() ->
                      stepper.step(runner -> {
                        graph.batch(0).accept(runner);
                        runner.fetch(graph.reads.get("out/bias"));
                      }))
                  .hasMessage(
                      "a batch must only feed and add targets, but also fetched: fetch in a run after"
                          + " the step");
              assertThatThrownBy(() ->
                      stepper.step(runner -> {
                        graph.batch(0).accept(runner);
                        runner.fetch(graph.loss);
                      }))
                  .hasMessageStartingWith("a batch must only feed and add targets");
            });
    assertSame(have, after("prodigy", false, (graph, stepper) -> {}));
  }
}
