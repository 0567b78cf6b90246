package dev.glissade.djl;

import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.pooling.Pool;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.EasyTrain;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.ArrayDataset;
import ai.djl.training.evaluator.Accuracy;
import ai.djl.training.listener.EvaluatorTrainingListener;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import dev.glissade.GradientTransformation;
import dev.glissade.arena.data.Dataset;
import dev.glissade.arena.data.Datasets;
import dev.glissade.arena.data.Split;
import dev.glissade.combine.Transforms;
import dev.glissade.contrib.Contrib;
import dev.glissade.optimizer.Optimizers;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * A small convolutional network that learns images with DJL's Adam, Prodigy and SAM: the
 * handwritten digits, or those of a folder in the MNIST layout that is given as argument.
 */
final class Digits {
  static final Digits BUILT_IN = new Digits(Datasets.digits().split(0));

  private final Split split;
  private final int side;

  Digits(Split split) {
    this.split = split;
    this.side = (int) Math.round(Math.sqrt(split.train().features()));
  }

  /** Trains with each and prints the accuracies. */
  public static void main(String[] arguments) throws Exception {
    Digits digits =
        arguments.length == 0
            ? BUILT_IN
            : new Digits(Datasets.read(Path.of(arguments[0]), null).split(0));
    for (Map.Entry<String, Function<Model, Trainer>> each : digits.trainers().entrySet()) {
      System.out.printf("%-8s %.4f%n", each.getKey(), digits.accuracy(each.getValue(), 20));
    }
  }

  /** The three, as one would write them. */
  Map<String, Function<Model, Trainer>> trainers() {
    GradientTransformation<?> sam =
        Contrib.sam(
            Optimizers.adam(5e-3), Transforms.chain(Contrib.normalize(), Optimizers.sgd(0.05)));
    Map<String, Function<Model, Trainer>> trainers = new LinkedHashMap<>();
    trainers.put("adam", model -> model.newTrainer(config()));
    trainers.put("prodigy", model -> new GlissadeTrainer(model, config(), Contrib.prodigy()));
    trainers.put("sam", model -> new GlissadeTrainer(model, config(), sam));
    return trainers;
  }

  /** The test accuracy after so many epochs of {@code EasyTrain.fit}. */
  float accuracy(Function<Model, Trainer> made, int epochs) throws Exception {
    Engine.getInstance().setRandomSeed(1);
    try (Model model = Model.newInstance("digits")) {
      model.setBlock(net());
      try (Trainer trainer = made.apply(model)) {
        trainer.initialize(input());
        NDManager manager = trainer.getManager();
        EasyTrain.fit(trainer, epochs, train(manager, 64), test(manager));
        return trainer.getTrainingResult().getValidateEvaluation("Accuracy");
      }
    }
  }

  Shape input() {
    return new Shape(1, 1, side, side);
  }

  static DefaultTrainingConfig config() {
    return new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
        .addEvaluator(new Accuracy())
        .optOptimizer(Optimizer.adam().optLearningRateTracker(Tracker.fixed(5e-3f)).build())
        .addTrainingListeners(new EvaluatorTrainingListener());
  }

  ArrayDataset train(NDManager manager, int batch) {
    return dataset(manager, split.train(), batch, true);
  }

  ArrayDataset test(NDManager manager) {
    return dataset(manager, split.test(), 512, false);
  }

  private ArrayDataset dataset(NDManager manager, Dataset data, int batch, boolean random) {
    return new ArrayDataset.Builder()
        .setData(manager.create(data.inputs()).reshape(data.size(), 1, side, side))
        .optLabels(manager.create(data.labels()))
        .setSampling(batch, random)
        .build();
  }

  Block net() {
    return new SequentialBlock()
        .add(convolution(8))
        .add(Activation::relu)
        .add(Pool.maxPool2dBlock(new Shape(2, 2), new Shape(2, 2)))
        .add(convolution(16))
        .add(Activation::relu)
        .add(Blocks.batchFlattenBlock())
        .add(Linear.builder().setUnits(split.train().classes()).build());
  }

  private static Block convolution(int filters) {
    return Conv2d.builder()
        .setKernelShape(new Shape(3, 3))
        .setFilters(filters)
        .optPadding(new Shape(1, 1))
        .build();
  }
}
