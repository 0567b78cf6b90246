package dev.glissade.djl;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.EasyTrain;
import ai.djl.training.Trainer;
import ai.djl.training.evaluator.Accuracy;
import ai.djl.training.listener.EvaluatorTrainingListener;
import ai.djl.training.listener.TrainingListener;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import dev.glissade.GradientTransformation;
import dev.glissade.contrib.Contrib;
import dev.glissade.optimizer.Optimizers;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Training through DJL's own loop. */
class FitTest {
  static float accuracy(@Nullable GradientTransformation<?> optimizer, int epochs)
      throws Exception {
    Engine.getInstance().setRandomSeed(1);
    try (Model model = Model.newInstance("digits")) {
      model.setBlock(Digits.net());
      DefaultTrainingConfig config =
          new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
              .addEvaluator(new Accuracy())
              .optOptimizer(Optimizer.adam().build())
              .addTrainingListeners(new EvaluatorTrainingListener());
      try (Trainer trainer =
          optimizer == null
              ? model.newTrainer(config)
              : new GlissadeTrainer(model, config, optimizer)) {
        trainer.initialize(new Shape(1, 1, 8, 8));
        EasyTrain.fit(
            trainer,
            epochs,
            Digits.train(trainer.getManager(), 64),
            Digits.test(trainer.getManager()));
        return trainer.getTrainingResult().getValidateEvaluation("Accuracy");
      }
    }
  }

  @Test
  void adamw() throws Exception {
    for (int i = 0; i < 2; i++) {
      long t = System.nanoTime();
      System.err.println("djl adam " + accuracy(null, 5));
      System.err.println((System.nanoTime() - t) / 1e9);
      t = System.nanoTime();
      System.err.println("adamw " + accuracy(Optimizers.adamw(1e-3), 5));
      System.err.println((System.nanoTime() - t) / 1e9);
      System.err.println("prodigy " + accuracy(Contrib.prodigy(), 5));
    }
    assertThat(accuracy(Optimizers.adamw(1e-3), 3)).isGreaterThan(0.4f);
  }
}
