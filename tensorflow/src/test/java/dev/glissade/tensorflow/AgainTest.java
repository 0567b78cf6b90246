package dev.glissade.tensorflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.LossFunction;
import dev.glissade.Stepper;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import dev.glissade.ValueAndGradients;
import dev.glissade.contrib.Contrib;
import dev.glissade.optimizer.Optimizers;
import dev.glissade.transform.Transforms;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.Session;
import org.tensorflow.types.TFloat64;

/** Steps that run the graph several times: at other parameters, for several batches or examples. */
class AgainTest {
  private static final int STEPS = 6;

  private static GradientTransformation<?> optimizer(String name) {
    GradientTransformation<?> adversary =
        Transforms.chain(Contrib.normalize(), Optimizers.sgd(0.05));
    return switch (name) {
      case "sam" -> Contrib.sam(Optimizers.adam(0.01), adversary).opaqueMode(true);
      case "lbfgs" -> Optimizers.lbfgs();
      case "backtracking" ->
          Transforms.chain(Optimizers.sgd(1.0), Transforms.scaleByBacktrackingLinesearch(15));
      case "polyak" -> Optimizers.polyakSgd();
      default -> Contrib.dpsgd(0.3, 0.5, 0.7, 7);
    };
  }

  private static void assertClose(SmallGraph graph, Tree want) {
    graph
        .params()
        .forEach((path, have) ->
            assertThat(have).as(path).containsExactly(want.get(path).toDoubles(), within(1e-6)));
  }

  /** A graph whose variables a test sets: the loss of another one. */
  private static LossFunction lossOf(SmallGraph graph, List<Consumer<Session.Runner>> batches) {
    return (params, i) -> {
      Tree before = graph.tree();
      graph.assign(params);
      double loss = 0;
      Tree sum = null;
      for (Consumer<Session.Runner> batch : batches) {
        Tree gradients = graph.gradients(batch);
        loss += graph.loss(batch) / batches.size();
        sum = sum == null ? gradients : sum.plus(gradients).evaluate();
      }
      graph.assign(before);
      return new ValueAndGradients(loss, sum.times(1.0 / batches.size()).evaluate());
    };
  }

  @ParameterizedTest
  @CsvSource({
    "sam, false, 1",
    "sam, true, 1",
    "sam, false, 3",
    "lbfgs, false, 1",
    "lbfgs, true, 1",
    "lbfgs, false, 2",
    "backtracking, false, 1",
    "backtracking, true, 1",
    "polyak, false, 1"
  })
  void isThatOfTheCore(String name, boolean resource, int count) {
    try (SmallGraph graph = new SmallGraph(TFloat64.class, resource);
        SmallGraph other = new SmallGraph(TFloat64.class, true);
        var stepper = GraphStepper.of(graph.session, graph.loss, optimizer(name))) {
      Stepper<?> core = Stepper.of(optimizer(name), graph.tree());
      double first = 0;
      double last = 0;
      for (int step = 0; step < STEPS; step++) {
        List<Consumer<Session.Runner>> batches = new ArrayList<>();
        List<Consumer<Session.Runner>> others = new ArrayList<>();
        for (int i = 0; i < count; i++) {
          batches.add(graph.batch(i));
          others.add(other.batch(i));
        }
        last = count == 1 ? stepper.step(batches.get(0)) : stepper.step(batches);
        LossFunction loss = lossOf(other, others);
        ValueAndGradients now = loss.valueAndGradients(core.params(), 0);
        assertThat(last).isCloseTo(now.value(), within(1e-6));
        core.step(
            now.gradients(),
            Extras.NONE
                .withValue(now.value())
                .withLossFunction(loss)
                .withGradientFunction(
                    (params, i) -> loss.valueAndGradients(params, i).gradients()));
        assertClose(graph, core.params());
        first = step == 0 ? last : first;
      }
      assertThat(last).isLessThan(first);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void severalBatchesAreAsOne(boolean resource) {
    try (SmallGraph graph = new SmallGraph(TFloat64.class, resource);
        var stepper = GraphStepper.of(graph.session, graph.loss, Contrib.prodigy())) {
      Stepper<?> core = Stepper.of(Contrib.prodigy(), graph.tree());
      for (int step = 0; step < STEPS; step++) {
        List<Consumer<Session.Runner>> examples = new ArrayList<>();
        for (int e = 0; e < 5; e++) {
          examples.add(graph.example(step, e));
        }
        core.step(graph.gradients(graph.batch(step)));
        double want = graph.loss(graph.batch(step));
        assertThat(stepper.step(examples)).isCloseTo(want, within(1e-6));
        assertClose(graph, core.params());
      }
    }
  }

  @Test
  void perExampleGradientsAreThoseOfEachExample() {
    try (SmallGraph graph = new SmallGraph(TFloat64.class, false);
        var stepper = GraphStepper.of(graph.session, graph.loss, optimizer("dpsgd"))) {
      Stepper<?> core = Stepper.of(optimizer("dpsgd"), graph.tree());
      for (int step = 0; step < STEPS; step++) {
        int size = 5 - step % 3;
        List<Consumer<Session.Runner>> examples = new ArrayList<>();
        List<Tree> gradients = new ArrayList<>();
        for (int e = 0; e < size; e++) {
          examples.add(graph.example(step, e));
          gradients.add(graph.gradients(graph.example(step, e)));
        }
        core.step(stacked(gradients));
        stepper.step(examples);
        assertClose(graph, core.params());
      }
    }
  }

  private static Tree stacked(List<Tree> gradients) {
    Map<String, Tensor> stacked = new LinkedHashMap<>();
    for (String path : gradients.get(0).paths()) {
      int[] shape = gradients.get(0).get(path).shape();
      int[] batched = new int[shape.length + 1];
      batched[0] = gradients.size();
      System.arraycopy(shape, 0, batched, 1, shape.length);
      int size = gradients.get(0).get(path).size();
      double[] numbers = new double[size * gradients.size()];
      for (int e = 0; e < gradients.size(); e++) {
        System.arraycopy(gradients.get(e).get(path).toDoubles(), 0, numbers, e * size, size);
      }
      stacked.put(path, Tensor.of(numbers, batched));
    }
    return Tree.of(stacked);
  }
}
