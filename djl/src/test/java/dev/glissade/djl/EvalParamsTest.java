package dev.glissade.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.EasyTrain;
import ai.djl.training.GradientCollector;
import ai.djl.training.dataset.ArrayDataset;
import ai.djl.training.listener.SaveModelTrainingListener;
import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.Step;
import dev.glissade.Tree;
import dev.glissade.checkpoint.Checkpoint;
import dev.glissade.checkpoint.Checkpoints;
import dev.glissade.optimizer.Optimizers;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The model has the parameters to evaluate while it is evaluated and saved, and no longer. */
class EvalParamsTest {
  @TempDir Path folder;

  /** Descends, and evaluates the point before the last step. */
  record Late() implements GradientTransformation<Late.LateState> {
    record LateState(Tree before) {}

    @Override
    public LateState initialState(Tree params) {
      return new LateState(params);
    }

    @Override
    public Step<LateState> step(Tree updates, LateState state, Tree params, Extras extras) {
      return Step.of(updates.times(-0.05), new LateState(params));
    }

    @Override
    public Tree evalParams(LateState state, Tree params) {
      return state.before();
    }
  }

  private static GlissadeTrainer trainer(LinearModel linear) {
    return new GlissadeTrainer(linear.model, LinearModel.config(), new Late());
  }

  private static void assertSame(Map<String, double[]> have, Map<String, double[]> want) {
    want.forEach((path, numbers) -> assertThat(have.get(path)).as(path).isEqualTo(numbers));
  }

  private static double[] evaluated(LinearModel linear, GlissadeTrainer trainer) {
    try (NDArray result = trainer.evaluate(new NDList(linear.inputs(7))).singletonOrThrow();
        NDArray wide = result.toType(DataType.FLOAT64, true)) {
      return wide.toDoubleArray();
    }
  }

  /** Whatever is done between steps changes none of them. */
  @ParameterizedTest
  @EnumSource(names = {"FLOAT32", "FLOAT64"})
  void anEvaluationChangesNoStep(DataType type) throws Exception {
    try (LinearModel linear = new LinearModel(type);
        LinearModel undisturbed = new LinearModel(type);
        var trainer = trainer(linear);
        var other = trainer(undisturbed)) {
      Map<String, double[]> before = linear.params();
      double[] first = evaluated(linear, trainer);
      for (int step = 0; step < 4; step++) {
        linear.pass(trainer, step);
        undisturbed.pass(other, step);
        trainer.step();
        other.step();
        assertSame(linear.params(), undisturbed.params());
        double[] result = evaluated(linear, trainer);
        assertSame(linear.params(), before);
        if (step == 0) {
          assertThat(result).isEqualTo(first);
        }
        trainer.showEvalParams();
        Checkpoint checkpoint = trainer.checkpoint();
        assertThat(checkpoint.params().toDoubles().toString()).isNotEmpty();
        checkpoint
            .params()
            .forEach((path, tensor) ->
                assertThat(tensor.toDoubles()).isEqualTo(undisturbed.params().get(path)));
        assertSame(linear.params(), before);
        before = undisturbed.params();
      }
      linear.pass(trainer, 4);
      assertSame(linear.params(), undisturbed.params());
    }
  }

  /** In place, a swap between the passes would spoil the gradients. */
  @Test
  void anOpenCollectorKeepsTheSteppedParameters() {
    try (LinearModel linear = new LinearModel(DataType.FLOAT32);
        var trainer = trainer(linear)) {
      linear.pass(trainer, 0);
      trainer.step();
      Map<String, double[]> stepped = linear.params();
      try (GradientCollector collector = trainer.newGradientCollector()) {
        evaluated(linear, trainer);
        trainer.notifyListeners(listener -> listener.onEpoch(trainer));
        assertSame(linear.params(), stepped);
        assertThatThrownBy(trainer::showEvalParams)
            .isInstanceOf(IllegalStateException.class)
            .hasMessage(
                "the gradient collector must be closed before showEvalParams, but was open");
        linear.pass(trainer, collector, 1);
      }
      trainer.step();
      assertThat(linear.params()).isNotEqualTo(stepped);
    }
  }

  @Test
  void theModelKeepsThemAfterTheEnd() {
    try (LinearModel linear = new LinearModel(DataType.FLOAT32)) {
      Map<String, double[]> before;
      try (var trainer = trainer(linear)) {
        linear.pass(trainer, 0);
        trainer.step();
        before = linear.params();
        linear.pass(trainer, 1);
        trainer.step();
        assertThat(linear.params().get("01Linear_weight"))
            .isNotEqualTo(before.get("01Linear_weight"));
      }
      assertSame(linear.params(), before);
    }
  }

  private static void fit(Model model, Consumer<DefaultTrainingConfig> listeners, int epochs)
      throws Exception {
    DefaultTrainingConfig config = LinearModel.config();
    listeners.accept(config);
    try (NDManager manager = NDManager.newBaseManager();
        var trainer = new GlissadeTrainer(model, config, new Late())) {
      trainer.initialize(new Shape(1, 3));
      NDArray inputs = manager.arange(24f).sin().reshape(8, 3);
      ArrayDataset data =
          new ArrayDataset.Builder()
              .setData(inputs)
              .optLabels(inputs.sum(new int[] {1}, true))
              .setSampling(4, false)
              .build();
      EasyTrain.fit(trainer, epochs, data, data);
    }
  }

  /** In whatever order the listeners are. */
  @Test
  void theModelIsSavedWithThemAndTheStateWithTheOthers() throws Exception {
    for (boolean first : new boolean[] {false, true}) {
      Path own = folder.resolve("" + first);
      var state = new SaveStateTrainingListener(Checkpoints.in(own));
      var saved = new SaveModelTrainingListener(own.toString(), "linear", 1);
      try (Model model = Model.newInstance("linear");
          Model again = Model.newInstance("linear");
          LinearModel resumed = new LinearModel(DataType.FLOAT32)) {
        Engine.getInstance().setRandomSeed(5);
        model.setBlock(LinearModel.layers(4));
        fit(
            model,
            config -> config.addTrainingListeners(first ? state : saved, first ? saved : state),
            2);
        Map<String, double[]> evaluated = LinearModel.numbers(model.getBlock(), false);
        again.setBlock(LinearModel.layers(4));
        again.load(own, "linear");
        assertSame(LinearModel.numbers(again.getBlock(), false), evaluated);
        Checkpoint checkpoint = Checkpoints.in(own).newest();
        checkpoint
            .params()
            .forEach((path, tensor) ->
                assertThat(tensor.toDoubles()).as(path).isNotEqualTo(evaluated.get(path)));
        try (var trainer = trainer(resumed)) {
          trainer.initialize(new Shape(1, 3));
          trainer.resume(checkpoint);
          trainer.showEvalParams();
          assertSame(resumed.params(), evaluated);
        }
      }
    }
  }

  @Test
  void anOptimizerWithoutSuchKeepsTheParameters() {
    try (LinearModel linear = new LinearModel(DataType.FLOAT32)) {
      Map<String, double[]> stepped;
      try (var trainer =
          new GlissadeTrainer(linear.model, LinearModel.config(), Optimizers.adam(0.1))) {
        linear.pass(trainer, 0);
        trainer.step();
        stepped = linear.params();
        trainer.showEvalParams();
        assertSame(linear.params(), stepped);
      }
      assertSame(linear.params(), stepped);
    }
  }

  /** A parameter that is frozen in between gets its stepped numbers back, too. */
  @Test
  void aFreezeInBetweenLosesNothing() {
    try (LinearModel linear = new LinearModel(DataType.FLOAT32);
        var trainer = trainer(linear)) {
      linear.pass(trainer, 0);
      trainer.step();
      Map<String, double[]> stepped = linear.params();
      trainer.showEvalParams();
      assertThat(linear.params()).isNotEqualTo(stepped);
      linear.block.getChildren().get(0).getValue().freezeParameters(true);
      linear.pass(trainer, 1);
      assertSame(linear.params(), stepped);
      trainer.step();
      Map<String, double[]> after = linear.params();
      assertThat(after.get("01Linear_weight")).isEqualTo(stepped.get("01Linear_weight"));
      assertThat(after.get("02Linear_weight")).isNotEqualTo(stepped.get("02Linear_weight"));
    }
  }
}
