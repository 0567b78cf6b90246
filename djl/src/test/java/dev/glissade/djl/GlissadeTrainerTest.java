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
import ai.djl.nn.Parameter;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import ai.djl.training.Trainer;
import ai.djl.util.PairList;
import dev.glissade.Stepper;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import dev.glissade.combine.Transforms;
import dev.glissade.contrib.Contrib;
import dev.glissade.optimizer.Optimizers;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the trainer does with parameters that are not all alike, and what it refuses. */
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
      return Lines.numbers(this, false);
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
      try (var trainer = new GlissadeTrainer(model, Lines.config(), Optimizers.adamw(0.1))) {
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
  void aParameterWhoseGradientWasNeverComputedHasZeros() {
    try (Model model = Model.newInstance("product");
        NDManager manager = model.getNDManager().newSubManager()) {
      for (DataType type : List.of(DataType.FLOAT32, DataType.FLOAT64)) {
        Product block = new Product(manager.ones(new Shape(2, 3), type));
        model.setBlock(block);
        try (var trainer = new GlissadeTrainer(model, Lines.config(), Optimizers.adamw(0.1))) {
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
    try (Lines lines = new Lines(DataType.FLOAT32);
        var trainer = new GlissadeTrainer(lines.model, Lines.config(), Contrib.prodigy())) {
      trainer.initialize(new Shape(1, 3));
      Map<String, double[]> before = lines.params();
      assertThatThrownBy(trainer::step)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("gradients must not all be zero: call backward");
      assertSame(lines.params(), before);
    }
  }

  private static void assertSame(Map<String, double[]> have, Map<String, double[]> want) {
    assertThat(have.keySet()).isEqualTo(want.keySet());
    have.forEach((path, numbers) -> assertThat(numbers).as(path).isEqualTo(want.get(path)));
  }

  @Test
  void frozenLayersStayAndTheOthersAreSteppedAsIfAlone() {
    try (Lines lines = new Lines(DataType.FLOAT32)) {
      lines.block.freezeParameters(true, p -> p.getShape().size() == 12);
      List<String> trained = List.copyOf(lines.gradients().keySet());
      assertThat(trained).hasSize(3);
      Map<String, double[]> before = lines.params();
      Stepper<?> core = Stepper.of(Contrib.prodigy(), vectors(lines.params(), trained));
      try (var trainer = new GlissadeTrainer(lines.model, Lines.config(), Contrib.prodigy())) {
        for (int step = 0; step < 5; step++) {
          lines.pass(trainer, step);
          core.step(vectors(lines.gradients(), trained));
          trainer.step();
        }
      }
      lines
          .params()
          .forEach((path, have) ->
              assertThat(have)
                  .as(path)
                  .containsExactly(
                      trained.contains(path)
                          ? core.params().get(path).toDoubles()
                          : before.get(path),
                      within(1e-6)));
    }
  }

  private static Tree vectors(Map<String, double[]> numbers, List<String> paths) {
    Map<String, Tensor> tensors = new java.util.LinkedHashMap<>();
    for (String path : paths) {
      tensors.put(
          path, Tensor.of(dev.glissade.DType.FLOAT32, numbers.get(path), numbers.get(path).length));
    }
    return Tree.of(tensors);
  }

  @Test
  void aModelThatIsAllFrozenIsRefused() {
    try (Lines lines = new Lines(DataType.FLOAT32);
        var trainer = new GlissadeTrainer(lines.model, Lines.config(), Optimizers.sgd(0.1))) {
      trainer.initialize(new Shape(1, 3));
      lines.block.freezeParameters(true);
      assertThatThrownBy(trainer::step)
          .hasMessage("the model must have a parameter that is not frozen: all 4 are");
    }
  }

  @Test
  void aModelThatIsNotInitializedIsRefused() {
    try (Model model = Model.newInstance("lines")) {
      model.setBlock(Lines.layers(4));
      try (var trainer = new GlissadeTrainer(model, Lines.config(), Optimizers.sgd(0.1))) {
        assertThatThrownBy(trainer::step)
            .hasMessage("the model's parameters must be initialized before a step: 4 are not");
      }
    }
    try (Model model = Model.newInstance("nothing")) {
      assertThatThrownBy(() -> new GlissadeTrainer(model, Lines.config(), Optimizers.sgd(0.1)))
          .hasMessageContaining("the model must have a block");
    }
  }

  @Test
  void aLayerThatIsThawedJoinsAndTheOthersKeepTheirState() {
    try (Lines lines = new Lines(DataType.FLOAT32)) {
      lines.block.freezeParameters(true, p -> p.getShape().size() == 12);
      List<String> some = List.copyOf(lines.gradients().keySet());
      try (var trainer =
          new GlissadeTrainer(lines.model, Lines.config(), Optimizers.sgd(0.1).momentum(0.9))) {
        Stepper<?> core =
            Stepper.of(Optimizers.sgd(0.1).momentum(0.9), vectors(lines.params(), some));
        Map<String, double[]> frozen = lines.params();
        for (int step = 0; step < 6; step++) {
          if (step == 3) {
            lines.block.freezeParameters(false);
          }
          lines.pass(trainer, step);
          core.step(vectors(lines.gradients(), some));
          trainer.step();
        }
        Map<String, double[]> now = lines.params();
        for (String path : some) {
          assertThat(now.get(path))
              .containsExactly(core.params().get(path).toDoubles(), within(1e-6));
        }
        List<String> joined = now.keySet().stream().filter(path -> !some.contains(path)).toList();
        assertThat(joined).hasSize(1);
        assertThat(now.get(joined.get(0))).isNotEqualTo(frozen.get(joined.get(0)));
      }
    }
  }

  @Test
  void aBlockThatIsAddedAfterTheFirstStepJoins() {
    try (Lines lines = new Lines(DataType.FLOAT32);
        var trainer = new GlissadeTrainer(lines.model, Lines.config(), Contrib.prodigy())) {
      lines.pass(trainer, 0);
      trainer.step();
      lines.block.add(ai.djl.nn.core.Linear.builder().setUnits(1).build());
      lines.block.initialize(lines.model.getNDManager(), DataType.FLOAT32, new Shape(1, 3));
      Map<String, double[]> before = lines.params();
      assertThat(before).hasSize(6);
      for (int step = 1; step < 30; step++) {
        lines.pass(trainer, step);
        trainer.step();
      }
      lines
          .params()
          .forEach((path, have) -> assertThat(have).as(path).isNotEqualTo(before.get(path)));
    }
  }

  @Test
  void aParameterThatIsSetToOtherMemoryIsFollowed() {
    try (Lines lines = new Lines(DataType.FLOAT32);
        var trainer =
            new GlissadeTrainer(lines.model, Lines.config(), Optimizers.sgd(0.1).momentum(0.9))) {
      lines.pass(trainer, 0);
      trainer.step();
      String path = lines.block.getParameters().keyAt(0);
      NDArray array = lines.block.getParameters().valueAt(0).getArray();
      ByteBuffer moved =
          ByteBuffer.allocateDirect((int) array.size() * 4).order(ByteOrder.nativeOrder());
      array.set(moved); // zeros
      lines.pass(trainer, 1);
      trainer.step();
      double[] now = lines.params().get(path);
      assertThat(now).isNotEqualTo(new double[now.length]);
      assertThat(moved.getFloat(0)).isEqualTo((float) now[0]);
    }
  }

  @Test
  void accumulatedGradientsAreAveraged() {
    double[][] results = new double[2][];
    for (int way = 0; way < 2; way++) {
      try (Lines lines = new Lines(DataType.FLOAT32);
          var trainer = new GlissadeTrainer(lines.model, Lines.config(), Optimizers.sgd(0.1))) {
        if (way == 0) {
          trainer.accumulate(3);
        }
        for (int step = 0; step < 6; step++) {
          lines.pass(trainer, step);
          if (way == 0) {
            Map<String, double[]> before = lines.params();
            trainer.step();
            if (step % 3 < 2) {
              assertSame(lines.params(), before);
            }
          } else if (step % 3 == 2) {
            for (var parameter : lines.block.getParameters().values()) {
              try (NDArray gradient = parameter.getArray().getGradient()) {
                gradient.divi(3);
              }
            }
            trainer.step();
          }
        }
        results[way] = lines.params().values().stream().flatMapToDouble(Arrays::stream).toArray();
      }
    }
    assertThat(results[0]).containsExactly(results[1], within(1e-6));
  }

  @Test
  void accumulateIsChecked() {
    try (Lines lines = new Lines(DataType.FLOAT32)) {
      try (var trainer = new GlissadeTrainer(lines.model, Lines.config(), Optimizers.sgd(0.1))) {
        assertThatThrownBy(() -> trainer.accumulate(0))
            .hasMessage("accumulate must be at least 1: 0");
        trainer.accumulate(2);
        lines.pass(trainer, 0);
        trainer.step();
        assertThatThrownBy(() -> trainer.accumulate(3)).hasMessageContaining("1 of 2");
      }
      var dpsgd = Contrib.dpsgd(0.1, 1, 1, 0);
      try (var trainer = new GlissadeTrainer(lines.model, Lines.config(), dpsgd)) {
        assertThatThrownBy(() -> trainer.accumulate(2)).hasMessageContaining("per-example");
        trainer.initialize(new Shape(1, 3));
        assertThatThrownBy(trainer::step).hasMessageContaining("forward(data, labels)");
      }
      assertThatThrownBy(() -> GlissadeOptimizer.of(lines.block, dpsgd))
          .hasMessageContaining("mean gradients");
    }
  }

  @Test
  void metricsHoldWhatIsLearned() {
    try (Lines lines = new Lines(DataType.FLOAT32)) {
      var optimizer =
          Transforms.applyIfFinite(
              Transforms.partition(
                  Map.of("a", Contrib.prodigy(), "b", Contrib.mechanize(Contrib.prodigy())),
                  path -> path.contains("bias") ? "b" : "a"),
              3);
      try (var trainer = new GlissadeTrainer(lines.model, Lines.config(), optimizer)) {
        Metrics metrics = new Metrics();
        trainer.setMetrics(metrics);
        for (int step = 0; step < 12; step++) {
          lines.pass(trainer, step);
          if (step == 2) {
            try (NDArray gradient =
                lines.block.getParameters().valueAt(0).getArray().getGradient()) {
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
    try (Lines lines = new Lines(DataType.FLOAT32);
        Lines others = new Lines(DataType.FLOAT32)) {
      var config =
          Lines.config().optOptimizer(GlissadeOptimizer.of(others.block, Optimizers.sgd(0.1)));
      try (Trainer trainer = lines.model.newTrainer(config)) {
        lines.pass(trainer, 0);
        assertThatThrownBy(trainer::step).hasMessageContaining("of the block that is trained");
      }
    }
  }
}
