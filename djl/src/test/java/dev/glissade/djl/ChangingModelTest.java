package dev.glissade.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.core.Linear;
import ai.djl.training.Trainer;
import dev.glissade.DType;
import dev.glissade.Stepper;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import dev.glissade.contrib.Contrib;
import dev.glissade.optimizer.Optimizers;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is stepped when a model's parameters are frozen, thawed, added or moved. */
class ChangingModelTest {
  @Test
  void frozenLayersStayAndTheOthersAreSteppedAsIfAlone() {
    try (LinearModel linear = new LinearModel(DataType.FLOAT32)) {
      linear.block.freezeParameters(true, p -> p.getShape().size() == 12);
      List<String> trained = List.copyOf(linear.gradients().keySet());
      assertThat(trained).hasSize(3);
      Map<String, double[]> before = linear.params();
      Stepper<?> core = Stepper.of(Contrib.prodigy(), vectors(linear.params(), trained));
      try (var trainer =
          new GlissadeTrainer(linear.model, LinearModel.config(), Contrib.prodigy())) {
        for (int step = 0; step < 5; step++) {
          linear.pass(trainer, step);
          core.step(vectors(linear.gradients(), trained));
          trainer.step();
        }
      }
      linear
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
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (String path : paths) {
      tensors.put(path, Tensor.of(DType.FLOAT32, numbers.get(path), numbers.get(path).length));
    }
    return Tree.of(tensors);
  }

  @Test
  void aModelThatIsAllFrozenIsRefused() {
    try (LinearModel linear = new LinearModel(DataType.FLOAT32);
        var trainer =
            new GlissadeTrainer(linear.model, LinearModel.config(), Optimizers.sgd(0.1))) {
      trainer.initialize(new Shape(1, 3));
      linear.block.freezeParameters(true);
      assertThatThrownBy(trainer::step)
          .hasMessage("the model must have a parameter that is not frozen, but all 4 were");
    }
  }

  @Test
  void aModelThatIsNotInitializedIsRefused() {
    try (Model model = Model.newInstance("linear")) {
      model.setBlock(LinearModel.layers(4));
      try (var trainer = new GlissadeTrainer(model, LinearModel.config(), Optimizers.sgd(0.1))) {
        assertThatThrownBy(trainer::step)
            .hasMessage("the model's parameters must be initialized before a step, but 4 were not");
      }
    }
    try (Model model = Model.newInstance("nothing")) {
      assertThatThrownBy(
              () -> new GlissadeTrainer(model, LinearModel.config(), Optimizers.sgd(0.1)))
          .hasMessageContaining("the model must have a block");
    }
  }

  @Test
  void aLayerThatIsThawedJoinsAndTheOthersKeepTheirState() {
    try (LinearModel linear = new LinearModel(DataType.FLOAT32)) {
      linear.block.freezeParameters(true, p -> p.getShape().size() == 12);
      List<String> some = List.copyOf(linear.gradients().keySet());
      try (var trainer =
          new GlissadeTrainer(
              linear.model, LinearModel.config(), Optimizers.sgd(0.1).momentum(0.9))) {
        Stepper<?> core =
            Stepper.of(Optimizers.sgd(0.1).momentum(0.9), vectors(linear.params(), some));
        Map<String, double[]> frozen = linear.params();
        for (int step = 0; step < 6; step++) {
          if (step == 3) {
            linear.block.freezeParameters(false);
          }
          linear.pass(trainer, step);
          core.step(vectors(linear.gradients(), some));
          trainer.step();
        }
        Map<String, double[]> now = linear.params();
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
    try (LinearModel linear = new LinearModel(DataType.FLOAT32);
        var trainer = new GlissadeTrainer(linear.model, LinearModel.config(), Contrib.prodigy())) {
      linear.pass(trainer, 0);
      trainer.step();
      linear.block.add(Linear.builder().setUnits(1).build());
      linear.block.initialize(linear.model.getNDManager(), DataType.FLOAT32, new Shape(1, 3));
      Map<String, double[]> before = linear.params();
      assertThat(before).hasSize(6);
      for (int step = 1; step < 30; step++) {
        linear.pass(trainer, step);
        trainer.step();
      }
      linear
          .params()
          .forEach((path, have) -> assertThat(have).as(path).isNotEqualTo(before.get(path)));
    }
  }

  @Test
  void aParameterThatIsSetToOtherMemoryIsFollowed() {
    try (LinearModel linear = new LinearModel(DataType.FLOAT32);
        var trainer =
            new GlissadeTrainer(
                linear.model, LinearModel.config(), Optimizers.sgd(0.1).momentum(0.9))) {
      linear.pass(trainer, 0);
      trainer.step();
      String path = linear.block.getParameters().keyAt(0);
      NDArray array = linear.block.getParameters().valueAt(0).getArray();
      ByteBuffer moved =
          ByteBuffer.allocateDirect((int) array.size() * 4).order(ByteOrder.nativeOrder());
      array.set(moved); // zeros
      linear.pass(trainer, 1);
      trainer.step();
      double[] now = linear.params().get(path);
      assertThat(now).isNotEqualTo(new double[now.length]);
      assertThat(moved.getFloat(0)).isEqualTo((float) now[0]);
    }
  }

  @Test
  void aModelThatIsLoadedAgainMustBeInitializedAgain(@TempDir Path folder) throws Exception {
    try (LinearModel linear = new LinearModel(DataType.FLOAT32);
        var trainer =
            new GlissadeTrainer(
                linear.model, LinearModel.config(), Optimizers.sgd(0.1).momentum(0.9))) {
      trainer.initialize(new Shape(1, 3));
      linear.model.save(folder, "linear");
      linear.pass(trainer, 0);
      trainer.step();
      Map<String, double[]> first = linear.params();
      linear.model.load(folder, "linear");
      linear.pass(trainer, 0);
      assertThatThrownBy(trainer::step)
          .hasMessageContaining("parameter \"01Linear_weight\" must have the array that the passes")
          .hasMessageContaining(
              "used, but had another one: call initialize again after Model.load");
      trainer.initialize(new Shape(1, 3));
      linear.pass(trainer, 0);
      Map<String, double[]> loaded = linear.params();
      trainer.step();
      Map<String, double[]> second = linear.params();
      // the same gradient again, and the momentum of before
      second.forEach((path, have) -> {
        for (int i = 0; i < have.length; i++) {
          double step = first.get(path)[i] - loaded.get(path)[i];
          assertThat(have[i]).isCloseTo(loaded.get(path)[i] + 1.9 * step, within(1e-5));
        }
      });
    }
  }

  @Test
  void aModelThatIsLoadedUnderADjlTrainerIsRefused(@TempDir Path folder) throws Exception {
    try (LinearModel linear = new LinearModel(DataType.FLOAT32)) {
      linear.model.save(folder, "linear");
      var config =
          LinearModel.config()
              .optOptimizer(GlissadeOptimizer.of(linear.block, Optimizers.sgd(0.1)));
      try (Trainer trainer = linear.model.newTrainer(config)) {
        linear.pass(trainer, 0);
        trainer.step();
        linear.model.load(folder, "linear");
        linear.block.initialize(linear.model.getNDManager(), DataType.FLOAT32, new Shape(1, 3));
        linear.pass(trainer, 0);
        assertThatThrownBy(trainer::step)
            .hasMessageContaining("must have the array that the passes used, but had another one:")
            .hasMessageContaining("call Model.load before newTrainer");
      }
    }
  }
}
