package dev.glissade.djl;

import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.EasyTrain;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.ArrayDataset;
import ai.djl.training.evaluator.Accuracy;
import ai.djl.training.listener.EvaluatorTrainingListener;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import dev.glissade.contrib.Contrib;
import java.util.Locale;
import java.util.Random;
import java.util.function.Function;

/** Trains a DJL model on two noisy rings: with DJL's Adam, then with Prodigy. */
public final class TwoRings {
  private static final int POINTS = 512;

  private TwoRings() {}

  /** Prints the test accuracy of both. */
  public static void main(String[] arguments) throws Exception {
    print("DJL's Adam", block -> Optimizer.adam().build());
    print("Prodigy", block -> GlissadeOptimizer.of(block, Contrib.prodigy()));
  }

  private static void print(String name, Function<Block, Optimizer> optimizer) throws Exception {
    Engine.getInstance().setRandomSeed(1);
    Block block =
        new SequentialBlock()
            .add(Linear.builder().setUnits(16).build())
            .add(Activation::relu)
            .add(Linear.builder().setUnits(2).build());
    DefaultTrainingConfig config =
        new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
            .addEvaluator(new Accuracy())
            .optOptimizer(optimizer.apply(block)) // the line that changes
            .addTrainingListeners(new EvaluatorTrainingListener());
    try (Model model = Model.newInstance("rings")) {
      model.setBlock(block);
      try (Trainer trainer = model.newTrainer(config)) {
        trainer.initialize(new Shape(1, 2));
        NDManager manager = trainer.getManager();
        EasyTrain.fit(trainer, 30, rings(manager, 1), rings(manager, 2));
        float accuracy = trainer.getTrainingResult().getValidateEvaluation("Accuracy");
        System.out.printf(Locale.ROOT, "%s: test accuracy %.2f%n", name, accuracy);
      }
    }
  }

  /** Returns points at a distance of about 1 from the origin (class 0), or of about 2 (class 1). */
  private static ArrayDataset rings(NDManager manager, long seed) {
    Random random = new Random(seed);
    float[] points = new float[2 * POINTS];
    float[] labels = new float[POINTS];
    for (int i = 0; i < POINTS; i++) {
      labels[i] = i % 2;
      double angle = 2 * Math.PI * random.nextDouble();
      double distance = 1 + labels[i] + 0.2 * random.nextGaussian();
      points[2 * i] = (float) (distance * Math.cos(angle));
      points[2 * i + 1] = (float) (distance * Math.sin(angle));
    }
    return new ArrayDataset.Builder()
        .setData(manager.create(points, new Shape(POINTS, 2)))
        .optLabels(manager.create(labels))
        .setSampling(32, false)
        .build();
  }
}
