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
import dev.glissade.contrib.Contrib;
import dev.glissade.optimizer.Optimizers;
import dev.glissade.schedule.Schedules;
import dev.glissade.transform.Transforms;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * A small convolutional network that learns images with DJL's Adam, Prodigy and SAM: the
 * handwritten digits, or those of a folder in the MNIST layout that is given as argument.
 */
final class Digits {
  private static final int BATCH = 64;
  static final Digits BUILT_IN = new Digits(Datasets.digits().split(0));

  private final Split split;
  private final int side;

  Digits(Split split) {
    this.split = split;
    this.side = (int) Math.round(Math.sqrt(split.train().features()));
  }

  /**
   * Trains with each and prints the mean accuracies.
   *
   * @param arguments a folder, if not the built-in digits, and the number of epochs
   */
  public static void main(String[] arguments) throws Exception {
    boolean builtIn = arguments.length == 0;
    Digits digits =
        builtIn ? BUILT_IN : new Digits(Datasets.read(Path.of(arguments[0]), null).split(0));
    int epochs = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 30;
    digits
        .accuracies(epochs, builtIn ? 3 : 1)
        .forEach((name, mean) -> System.out.printf("%-10s %.4f%n", name, mean));
  }

  /** The mean test accuracy of each after a number of epochs, with seeds from 1 on. */
  Map<String, Double> accuracies(int epochs, int seeds) throws Exception {
    Map<String, Double> means = new LinkedHashMap<>();
    for (Map.Entry<String, Function<Model, Trainer>> each : trainers(epochs).entrySet()) {
      double sum = 0;
      for (int seed = 1; seed <= seeds; seed++) {
        sum += accuracy(each.getValue(), epochs, seed);
      }
      means.put(each.getKey(), sum / seeds);
    }
    return means;
  }

  /**
   * Trainers for a number of epochs, as one would write them. Prodigy ends in small steps, as in
   * its paper: at a constant rate a last step that jumps is what is measured at times. Half of the
   * steps of SAM in transparent mode climb, so that it takes a larger learning rate for as many.
   */
  Map<String, Function<Model, Trainer>> trainers(int epochs) {
    int steps = epochs * ((split.train().size() + BATCH - 1) / BATCH);
    GradientTransformation<?> prodigy =
        Contrib.prodigy().learningRate(Schedules.cosineDecaySchedule(1.0, steps));
    GradientTransformation<?> adversary =
        Transforms.chain(Contrib.normalize(), Optimizers.sgd(0.05));
    GradientTransformation<?> sam = Contrib.sam(Optimizers.adam(1e-2), adversary);
    GradientTransformation<?> opaque =
        Contrib.sam(Optimizers.adam(5e-3), adversary).opaqueMode(true);
    Map<String, Function<Model, Trainer>> trainers = new LinkedHashMap<>();
    trainers.put("adam", model -> model.newTrainer(config()));
    trainers.put("prodigy", model -> new GlissadeTrainer(model, config(), prodigy));
    trainers.put("sam", model -> new GlissadeTrainer(model, config(), sam));
    trainers.put("sam opaque", model -> new GlissadeTrainer(model, config(), opaque));
    return trainers;
  }

  /** The test accuracy after a number of epochs of {@code EasyTrain.fit}. */
  float accuracy(Function<Model, Trainer> made, int epochs) throws Exception {
    return accuracy(made, epochs, 1);
  }

  /** The same with other initial parameters and another order of the examples. */
  float accuracy(Function<Model, Trainer> made, int epochs, int seed) throws Exception {
    Engine.getInstance().setRandomSeed(seed);
    try (Model model = Model.newInstance("digits")) {
      model.setBlock(net());
      try (Trainer trainer = made.apply(model)) {
        trainer.initialize(input());
        NDManager manager = trainer.getManager();
        EasyTrain.fit(trainer, epochs, train(manager, BATCH), test(manager));
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
        .add(Linear.builder().setUnits(split.train().outputs()).build());
  }

  private static Block convolution(int filters) {
    return Conv2d.builder()
        .setKernelShape(new Shape(3, 3))
        .setFilters(filters)
        .optPadding(new Shape(1, 1))
        .build();
  }
}
