package dev.glissade.djl;

import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import ai.djl.training.loss.Loss;
import ai.djl.util.Pair;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/** Two linear layers, three inputs and one output, and passes through them one at a time. */
final class LinearModel implements AutoCloseable {
  final Model model = Model.newInstance("linear");
  final SequentialBlock block;
  private NDManager batch;
  private final DataType type;

  LinearModel(DataType type) {
    this(type, 4);
  }

  /** With a number of units between the layers. */
  LinearModel(DataType type, int units) {
    this.type = type;
    this.block = layers(units);
    Engine.getInstance().setRandomSeed(5);
    model.setDataType(type);
    model.setBlock(block);
    block.initialize(model.getNDManager(), type, new Shape(1, 3));
    batch = model.getNDManager().newSubManager();
  }

  static SequentialBlock layers(int units) {
    return new SequentialBlock()
        .add(Linear.builder().setUnits(units).build())
        .add(Linear.builder().setUnits(1).build());
  }

  static DefaultTrainingConfig config() {
    return new DefaultTrainingConfig(Loss.l2Loss());
  }

  /** A forward and a backward pass over the examples of a number, which stay until the next. */
  void pass(Trainer trainer, int number) {
    try (GradientCollector collector = trainer.newGradientCollector()) {
      pass(trainer, collector, number);
    }
  }

  void pass(Trainer trainer, GradientCollector collector, int number) {
    closeBatch();
    batch = model.getNDManager().newSubManager();
    NDList data = new NDList(inputs(number));
    NDList labels = new NDList(labels(number));
    collector.backward(trainer.getLoss().evaluate(labels, trainer.forward(data, labels)));
  }

  void closeBatch() {
    batch.close();
  }

  NDArray inputs(int number) {
    double[] numbers = new double[12];
    Arrays.setAll(numbers, i -> Math.sin(i * (0.7 + number)));
    return batch.create(numbers, new Shape(4, 3)).toType(type, false);
  }

  NDArray labels(int number) {
    return inputs(number).sum(new int[] {1}, true).mul(2);
  }

  /** All parameters by name. */
  Map<String, double[]> params() {
    return numbers(block, false);
  }

  /** All gradients by name, of parameters that are not frozen. */
  Map<String, double[]> gradients() {
    return numbers(block, true);
  }

  static Map<String, double[]> numbers(Block block, boolean gradients) {
    Map<String, double[]> all = new TreeMap<>();
    for (Pair<String, Parameter> named : block.getParameters()) {
      if (!gradients || named.getValue().requiresGradient()) {
        NDArray array = named.getValue().getArray();
        NDArray wide = (gradients ? array.getGradient() : array).toType(DataType.FLOAT64, true);
        all.put(named.getKey(), wide.toDoubleArray());
        wide.close();
      }
    }
    return all;
  }

  @Override
  public void close() {
    model.close();
  }
}
