package dev.glissade.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Model;
import ai.djl.metric.Metrics;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.core.Linear;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import ai.djl.training.Trainer;
import ai.djl.util.PairList;
import dev.glissade.Tree;
import dev.glissade.ValueAndGradients;
import dev.glissade.contrib.Contrib;
import dev.glissade.host.Accumulation;
import dev.glissade.host.ParameterTree;
import dev.glissade.host.ReplayedLoss;
import dev.glissade.optimizer.Optimizers;
import dev.glissade.transform.Transforms;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the trainer does with parameters that are not all alike, and what it refuses. */
@Tag("vectors")
class GlissadeTrainerTest {

  /** The product of the input and one matrix, half of which may be left out. */
  private static final class Product extends AbstractBlock {
    final Parameter matrix;
    final Parameter unused;

    Product(NDArray array) {
      matrix = addParameter(parameter("matrix", array));
      NDArray ones = array.getManager().ones(new Shape(2), array.getDataType());
      unused = addParameter(parameter("unused", ones));
    }

    private static Parameter parameter(String name, NDArray array) {
      array.setRequiresGradient(true);
      return Parameter.builder()
          .setName(name)
          .setType(Parameter.Type.OTHER)
          .optArray(array)
          .build();
    }

    @Override
    protected NDList forwardInternal(
        ParameterStore store,
        NDList inputs,
        boolean training,
        PairList<String, Object> parameters) {
      NDArray input = inputs.singletonOrThrow();
      return new NDList(input.matMul(store.getValue(matrix, input.getDevice(), training)));
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
      return new Shape[] {new Shape(inputShapes[0].get(0), 3)};
    }

    Map<String, double[]> numbers() {
      return LinearModel.numbers(this, false);
    }
  }

  private static void pass(Trainer trainer, NDArray input) {
    try (GradientCollector collector = trainer.newGradientCollector()) {
      NDArray result = trainer.forward(new NDList(input)).singletonOrThrow();
      collector.backward(result.square().sum());
    }
  }

  private static double[] afterSteps(boolean contiguous) {
    try (Model model = Model.newInstance("product");
        NDManager manager = model.getNDManager().newSubManager()) {
      NDArray across = manager.arange(6).toType(DataType.FLOAT32, true).reshape(3, 2).transpose();
      Product block =
          new Product(
              contiguous ? manager.create(across.toFloatArray(), across.getShape()) : across);
      assertThat(NativeArrays.isAliased(block.matrix.getArray())).isEqualTo(contiguous);
      model.setBlock(block);
      try (var trainer = new GlissadeTrainer(model, LinearModel.config(), Optimizers.adamw(0.1))) {
        for (int step = 0; step < 10; step++) {
          pass(trainer, manager.ones(new Shape(2, 2)));
          trainer.step();
        }
      }
      return block.numbers().get("matrix");
    }
  }

  @Test
  void memoryThatIsNotContiguousIsCopied() {
    assertThat(afterSteps(false)).containsExactly(afterSteps(true), within(1e-6));
  }

  @Test
  void gradientsThatAreNotContiguousAreAsBeforeWhenPassesWereRunAgain() {
    try (Model model = Model.newInstance("product");
        NDManager manager = model.getNDManager().newSubManager()) {
      Product block = new Product(manager.arange(6f).reshape(3, 2).transpose());
      model.setBlock(block);
      try (var trainer = new GlissadeTrainer(model, LinearModel.config(), Optimizers.sgd(0.1))) {
        NDList data = new NDList(manager.ones(new Shape(2, 2)));
        NDList labels = new NDList(manager.ones(new Shape(2, 3)));
        RecordedPasses passes = new RecordedPasses();
        try (GradientCollector collector =
            passes.recording(
                trainer.plainCollector(), new RecordedLosses(new Accumulation()), () -> {})) {
          passes.add(data, labels);
          NDList made = trainer.forward(data, labels);
          collector.backward(trainer.getLoss().evaluate(labels, made));
        }
        List<Trainable> trainables =
            List.of(new Trainable("matrix", List.of(block.matrix.getArray())));
        double[] before = LinearModel.numbers(block, true).get("matrix");
        ParameterTree parameters = ParameterTree.of(trainables);
        try (Gradients gradients = new Gradients(trainables, manager)) {
          NDArray gradient = block.matrix.getArray().getGradient();
          gradient.attach(manager);
          assertThat(NativeArrays.isAliased(gradient)).isFalse();
          Tree elsewhere = parameters.tree().times(2).evaluate();
          var replayed =
              new ReplayedLoss(
                  parameters,
                  gradients,
                  () -> passes.replay(trainer, trainables),
                  () -> passes.loss(trainer));
          ValueAndGradients found = replayed.valueAndGradients(elsewhere, 0);
          assertThat(found.gradients().get("matrix").toDoubles()).isNotEqualTo(before);
          assertThat(replayed.value(elsewhere, 1)).isEqualTo(found.value());
        }
        assertThat(LinearModel.numbers(block, true).get("matrix")).isEqualTo(before);
        assertThat(LinearModel.numbers(block, false).get("matrix"))
            .containsExactly(0, 2, 4, 1, 3, 5);
      }
    }
  }

  @Test
  void aParameterWhoseGradientWasNeverComputedHasZeros() {
    try (Model model = Model.newInstance("product");
        NDManager manager = model.getNDManager().newSubManager()) {
      for (DataType type : List.of(DataType.FLOAT32, DataType.FLOAT64)) {
        Product block = new Product(manager.ones(new Shape(2, 3), type));
        model.setBlock(block);
        try (var trainer =
            new GlissadeTrainer(model, LinearModel.config(), Optimizers.adamw(0.1))) {
          trainer.initialize(new Shape(2, 2));
          pass(trainer, manager.ones(new Shape(2, 2), type));
          trainer.step();
          // weight decay alone: 1 - 0.1 * 0.0001
          assertThat(block.numbers().get("unused"))
              .containsOnly(new double[] {1 - 0.1 * 1e-4}, within(1e-7));
        }
      }
    }
  }

  @Test
  void aStepBeforeAnyBackwardPassIsRefused() {
    try (LinearModel linear = new LinearModel(DataType.FLOAT32);
        var trainer = new GlissadeTrainer(linear.model, LinearModel.config(), Contrib.prodigy())) {
      trainer.initialize(new Shape(1, 3));
      Map<String, double[]> before = linear.params();
      assertThatThrownBy(trainer::step)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("gradients must not all be zero: run a backward pass");
      assertSame(linear.params(), before);
    }
  }

  private static void assertSame(Map<String, double[]> have, Map<String, double[]> want) {
    assertThat(have.keySet()).isEqualTo(want.keySet());
    have.forEach((path, numbers) -> assertThat(numbers).as(path).isEqualTo(want.get(path)));
  }

  @Test
  void accumulatedGradientsAreAveraged() {
    double[][] results = new double[2][];
    for (int way = 0; way < 2; way++) {
      try (LinearModel linear = new LinearModel(DataType.FLOAT32);
          var trainer =
              new GlissadeTrainer(linear.model, LinearModel.config(), Optimizers.sgd(0.1))) {
        if (way == 0) {
          trainer.accumulate(3);
        }
        for (int step = 0; step < 6; step++) {
          linear.pass(trainer, step);
          if (way == 0) {
            Map<String, double[]> before = linear.params();
            trainer.step();
            if (step % 3 < 2) {
              assertSame(linear.params(), before);
            }
          } else if (step % 3 == 2) {
            for (var parameter : linear.block.getParameters().values()) {
              try (NDArray gradient = parameter.getArray().getGradient()) {
                gradient.divi(3);
              }
            }
            trainer.step();
          }
        }
        results[way] = linear.params().values().stream().flatMapToDouble(Arrays::stream).toArray();
      }
    }
    assertThat(results[0]).containsExactly(results[1], within(1e-6));
  }

  @Test
  void accumulateIsChecked() {
    try (LinearModel linear = new LinearModel(DataType.FLOAT32)) {
      try (var trainer =
          new GlissadeTrainer(linear.model, LinearModel.config(), Optimizers.sgd(0.1))) {
        assertThatThrownBy(() -> trainer.accumulate(0))
            .hasMessage("accumulate must be at least 1, but was 0");
        trainer.accumulate(2);
        linear.pass(trainer, 0);
        trainer.step();
        assertThatThrownBy(() -> trainer.accumulate(3))
            .hasMessage("accumulate must be set right after a step, but was set after call 1 of 2");
      }
      var dpsgd = Contrib.dpsgd(0.1, 1, 1, 0);
      try (var trainer = new GlissadeTrainer(linear.model, LinearModel.config(), dpsgd)) {
        assertThatThrownBy(() -> trainer.accumulate(2))
            .hasMessage(
                "accumulate must be 1 for an optimizer of per-example gradients, but was 2");
        trainer.initialize(new Shape(1, 3));
        assertThatThrownBy(trainer::step).hasMessageContaining("forward(data, labels)");
      }
      assertThatThrownBy(() -> GlissadeOptimizer.of(linear.block, dpsgd))
          .hasMessageContaining("mean gradients");
    }
  }

  @Test
  void metricsHoldWhatIsLearned() {
    try (LinearModel linear = new LinearModel(DataType.FLOAT32)) {
      var optimizer =
          Transforms.applyIfFinite(
              Transforms.partition(
                  Map.of("a", Contrib.prodigy(), "b", Contrib.mechanize(Contrib.prodigy())),
                  path -> path.contains("bias") ? "b" : "a"),
              3);
      try (var trainer = new GlissadeTrainer(linear.model, LinearModel.config(), optimizer)) {
        Metrics metrics = new Metrics();
        trainer.setMetrics(metrics);
        for (int step = 0; step < 12; step++) {
          linear.pass(trainer, step);
          if (step == 2) {
            try (NDArray gradient =
                linear.block.getParameters().valueAt(0).getArray().getGradient()) {
              gradient.divi(0);
            }
          }
          trainer.step();
        }
        assertThat(metrics.getMetric("d")).hasSize(12);
        assertThat(metrics.latestMetric("d").getValue().doubleValue()).isGreaterThan(1e-6);
        assertThat(metrics.getMetricNames().stream().filter(n -> n.startsWith("d of "))).hasSize(1);
        assertThat(metrics.latestMetric("s").getValue().doubleValue()).isPositive();
        assertThat(metrics.getMetric("skipped").stream().map(m -> m.getValue().intValue()))
            .startsWith(0, 0, 1, 1)
            .endsWith(1);
        assertThat(metrics.hasMetric("step")).isTrue();
        assertThat(metrics.hasMetric("forward")).isTrue();
      }
    }
  }

  @Test
  void anOptimizerOfAnotherBlockIsRefused() {
    try (LinearModel linear = new LinearModel(DataType.FLOAT32);
        LinearModel others = new LinearModel(DataType.FLOAT32)) {
      var config =
          LinearModel.config()
              .optOptimizer(GlissadeOptimizer.of(others.block, Optimizers.sgd(0.1)));
      try (Trainer trainer = linear.model.newTrainer(config)) {
        linear.pass(trainer, 0);
        assertThatThrownBy(trainer::step)
            .hasMessageContaining("must have the block that is trained, but had one without");
      }
      Block fresh = Linear.builder().setUnits(1).build(); // not initialized
      var another =
          LinearModel.config().optOptimizer(GlissadeOptimizer.of(fresh, Optimizers.sgd(0.1)));
      try (Trainer trainer = linear.model.newTrainer(another)) {
        linear.pass(trainer, 0);
        assertThatThrownBy(trainer::step)
            .hasMessageContaining("must have the block that is trained, but had one without");
      }
    }
  }

  @Test
  @SuppressWarnings("NullAway") // for callers without it
  void argumentsMustBeGiven() throws Exception {
    assertThatThrownBy(() -> GlissadeOptimizer.of(null, Optimizers.sgd(0.1)))
        .hasMessage("block must not be null");
    try (LinearModel linear = new LinearModel(DataType.FLOAT32)) {
      assertThatThrownBy(() -> GlissadeOptimizer.of(linear.block, null))
          .hasMessage("optimizer must not be null");
      assertThatThrownBy(() -> new GlissadeTrainer(null, LinearModel.config(), Optimizers.sgd(1)))
          .hasMessage("model must not be null");
      assertThatThrownBy(() -> new GlissadeTrainer(linear.model, null, Optimizers.sgd(1)))
          .hasMessage("config must not be null");
    }
  }
}
