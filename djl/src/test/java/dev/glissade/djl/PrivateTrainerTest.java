package dev.glissade.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.training.EasyTrain;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.ArrayDataset;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import dev.glissade.optimizer.Optimizers;
import dev.glissade.privacy.Clipping;
import dev.glissade.privacy.PrivateTraining;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Private training of DJL's models. */
class PrivateTrainerTest {

  private static ArrayDataset examples(LinearModel linear) {
    return new ArrayDataset.Builder()
        .setData(linear.inputs(1))
        .optLabels(linear.labels(1))
        .setSampling(4, false)
        .build();
  }

  /** With all examples in each batch, next to no noise and no clipping it is the mean's step. */
  @Test
  void isTrainingByMeanGradientsButForClippingAndNoise() throws Exception {
    try (LinearModel secret = new LinearModel(DataType.FLOAT32);
        LinearModel open = new LinearModel(DataType.FLOAT32);
        Trainer trainer = secret.model.newTrainer(LinearModel.config());
        var usual = new GlissadeTrainer(open.model, LinearModel.config(), Optimizers.sgd(0.01))) {
      trainer.initialize(new Shape(1, 3));
      PrivateTrainer training =
          PrivateTrainer.of(
              trainer,
              examples(secret),
              params ->
                  PrivateTraining.of(
                      Optimizers.sgd(0.01), params, 4, 1, new Clipping.Flat(1000), 1e-6));
      for (int step = 0; step < 10; step++) {
        assertThat(training.step()).isTrue();
        open.pass(usual, 1);
        usual.step();
      }
      Map<String, double[]> want = open.params();
      secret
          .params()
          .forEach((path, have) ->
              assertThat(have).as(path).containsExactly(want.get(path), within(1e-3)));
      assertThat(training.training().steps()).isEqualTo(10);
    }
  }

  @Test
  void keepsItsBudgetAndLearnsDigits() throws Exception {
    Engine.getInstance().setRandomSeed(1);
    try (Model model = Model.newInstance("digits")) {
      model.setBlock(Digits.BUILT_IN.net());
      try (Trainer trainer = model.newTrainer(Digits.config())) {
        trainer.initialize(Digits.BUILT_IN.input());
        ArrayDataset train = Digits.BUILT_IN.train(trainer.getManager(), 64);
        int arrays = trainer.getManager().getManagedArrays().size();
        PrivateTrainer training =
            PrivateTrainer.of(
                trainer,
                train,
                params ->
                    PrivateTraining.of(
                            Optimizers.sgd(0.5),
                            params,
                            (int) train.size(),
                            0.05,
                            new Clipping.Flat(0.5),
                            1.0)
                        .budget(8, 1e-5));
        long all = training.training().stepsLeft();
        int taken = 0;
        while (taken < 30 && training.step()) {
          taken++;
        }
        assertThat(training.training().stepsLeft()).isEqualTo(all - taken);
        assertThat(training.training().guarantee(1e-5).epsilon()).isBetween(0.1, 8.0);
        assertThat(trainer.getManager().getManagedArrays().size()).isEqualTo(arrays);
        EasyTrain.evaluateDataset(trainer, Digits.BUILT_IN.test(trainer.getManager()));
        trainer.notifyListeners(listener -> listener.onEpoch(trainer));
        float accuracy = trainer.getTrainingResult().getValidateEvaluation("Accuracy");
        assertThat(accuracy).isGreaterThan(0.3f);
      }
    }
  }

  @Test
  void leavesNoExamplesGradient() throws Exception {
    try (LinearModel linear = new LinearModel(DataType.FLOAT32);
        Trainer trainer = linear.model.newTrainer(LinearModel.config())) {
      trainer.initialize(new Shape(1, 3));
      PrivateTrainer privately =
          PrivateTrainer.of(trainer, examples(linear), PrivateTrainerTest::plain);
      assertThat(privately.step()).isTrue();
      for (var parameter : linear.block.getParameters().values()) {
        try (NDArray gradient = parameter.getArray().getGradient()) {
          assertThat(gradient.toFloatArray()).containsOnly(0);
        }
      }
    }
  }

  @Test
  void stopsWhenTheBudgetIsSpent() throws Exception {
    try (LinearModel linear = new LinearModel(DataType.FLOAT32);
        Trainer trainer = linear.model.newTrainer(LinearModel.config())) {
      trainer.initialize(new Shape(1, 3));
      PrivateTrainer training =
          PrivateTrainer.of(trainer, examples(linear), params -> plain(params).budget(2, 1e-3));
      int steps = 0;
      while (training.step()) {
        steps++;
      }
      assertThat(steps).isPositive().isEqualTo((int) training.training().steps());
      Map<String, double[]> last = linear.params();
      assertThat(training.step()).isFalse();
      linear.params().forEach((path, have) -> assertThat(have).isEqualTo(last.get(path)));
    }
  }

  private static PrivateTraining plain(Tree params) {
    return PrivateTraining.of(Optimizers.sgd(0.1), params, 4, 0.5, new Clipping.Flat(1), 2);
  }

  @Test
  void refusesMoreExamplesThanThereAre() throws Exception {
    try (LinearModel linear = new LinearModel(DataType.FLOAT32);
        Trainer trainer = linear.model.newTrainer(LinearModel.config())) {
      trainer.initialize(new Shape(1, 3));
      PrivateTrainer training =
          PrivateTrainer.of(
              trainer,
              examples(linear),
              params ->
                  PrivateTraining.of(Optimizers.sgd(0.01), params, 40, 1, new Clipping.Flat(1), 1));
      assertThatThrownBy(training::step)
          .hasMessageContaining("must draw from the 4 examples of the data set, but drew number");
      assertThat(training.training().steps()).isZero();
    }
  }

  @Test
  void refusesStatisticsOfTheDataAndOtherParameters() throws Exception {
    try (LinearModel linear = new LinearModel(DataType.FLOAT32);
        Trainer trainer = linear.model.newTrainer(LinearModel.config())) {
      trainer.initialize(new Shape(1, 3));
      ArrayDataset examples = examples(linear);
      assertThatThrownBy(() ->
              PrivateTrainer.of(
                  trainer, examples, params -> plain(Tree.of("w", Tensor.of(new float[] {1})))))
          .hasMessageContaining("must have the parameters that the function was given, but had");
      linear.block.add(BatchNorm.builder().build());
      linear.block.initialize(linear.model.getNDManager(), DataType.FLOAT32, new Shape(1, 3));
      assertThatThrownBy(() -> PrivateTrainer.of(trainer, examples, PrivateTrainerTest::plain))
          .hasMessageContaining("the model must not keep statistics of its data")
          .hasMessageContaining("RUNNING_");
    }
  }

  @Test
  void refusesALayerThatIsFrozenLater() throws Exception {
    try (LinearModel linear = new LinearModel(DataType.FLOAT32);
        Trainer trainer = linear.model.newTrainer(LinearModel.config())) {
      trainer.initialize(new Shape(1, 3));
      PrivateTrainer training =
          PrivateTrainer.of(trainer, examples(linear), PrivateTrainerTest::plain);
      linear.block.freezeParameters(true, p -> p.getShape().size() == 12);
      assertThatThrownBy(training::step)
          .hasMessageContaining("the trained parameters must stay [")
          .hasMessageContaining("in the same memory, but were [01Linear_bias, 02Linear_weight, 02");
      assertThat(training.training().steps()).isZero();
      linear.block.freezeParameters(false);
      assertThat(training.step()).isTrue();
    }
  }

  /** The passes of examples are none that a later step would run again. */
  @Test
  void leavesNoPassInATrainerOfOurs() throws Exception {
    try (LinearModel linear = new LinearModel(DataType.FLOAT32);
        var trainer =
            new GlissadeTrainer(linear.model, LinearModel.config(), FitTest.all().get("dpsgd"))) {
      trainer.initialize(new Shape(1, 3));
      PrivateTrainer training =
          PrivateTrainer.of(trainer, examples(linear), PrivateTrainerTest::plain);
      for (int step = 0; step < 20; step++) {
        assertThat(training.step()).isTrue();
      }
      assertThatThrownBy(trainer::step)
          .hasMessageContaining(
              "an optimizer of per-example gradients must have passes to run again");
    }
  }
}
