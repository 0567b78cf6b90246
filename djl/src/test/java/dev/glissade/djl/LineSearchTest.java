package dev.glissade.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.core.Linear;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import ai.djl.training.loss.Loss;
import dev.glissade.GradientTransformation;
import dev.glissade.LossFunction;
import dev.glissade.Stepper;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import dev.glissade.ValueAndGradients;
import dev.glissade.optimizer.Optimizers;
import dev.glissade.transform.Transforms;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Optimizers that search along a line run the batch again, at parameters of their choice. */
class LineSearchTest {
  private static final int EXAMPLES = 30;
  private static final int CLASSES = 3;
  private static final int INPUTS = 2;

  /** A softmax model of points around three centers, all in one batch. */
  private static final class Softmax implements AutoCloseable {
    final Model model = Model.newInstance("softmax");
    final Block block = Linear.builder().setUnits(CLASSES).build();
    private final double[] points = new double[EXAMPLES * INPUTS];
    private final NDList data;
    private final NDList labels;

    Softmax() {
      Engine.getInstance().setRandomSeed(7);
      model.setDataType(DataType.FLOAT64);
      model.setBlock(block);
      NDManager manager = model.getNDManager();
      block.initialize(manager, DataType.FLOAT64, new Shape(1, INPUTS));
      double[] classes = new double[EXAMPLES];
      for (int e = 0; e < EXAMPLES; e++) {
        classes[e] = e % CLASSES;
        points[2 * e] = 2 * Math.cos(2.1 * classes[e]) + Math.sin(5 * e);
        points[2 * e + 1] = 2 * Math.sin(2.1 * classes[e]) + Math.cos(3 * e);
      }
      data = new NDList(manager.create(points, new Shape(EXAMPLES, INPUTS)));
      labels = new NDList(manager.create(classes));
    }

    void pass(Trainer trainer) {
      try (GradientCollector collector = trainer.newGradientCollector()) {
        collector.backward(trainer.getLoss().evaluate(labels, trainer.forward(data, labels)));
      }
    }

    Tree params() {
      Map<String, double[]> numbers = LinearModel.numbers(block, false);
      Map<String, Tensor> tensors = new LinkedHashMap<>();
      numbers.forEach((path, leaf) -> {
        int[] shape = path.contains("bias") ? new int[] {CLASSES} : new int[] {CLASSES, INPUTS};
        tensors.put(path, Tensor.of(leaf, shape));
      });
      return Tree.of(tensors);
    }

    /** The mean cross-entropy and its gradients, in plain loops. */
    ValueAndGradients loss(Tree at, int i) {
      String weight = path(at, "weight");
      String bias = path(at, "bias");
      double[] w = at.get(weight).toDoubles();
      double[] b = at.get(bias).toDoubles();
      double[] dw = new double[w.length];
      double[] db = new double[b.length];
      double sum = 0;
      for (int e = 0; e < EXAMPLES; e++) {
        double[] p = new double[CLASSES];
        for (int c = 0; c < CLASSES; c++) {
          p[c] = Math.exp(w[2 * c] * points[2 * e] + w[2 * c + 1] * points[2 * e + 1] + b[c]);
        }
        double all = Arrays.stream(p).sum();
        sum -= Math.log(p[e % CLASSES] / all);
        for (int c = 0; c < CLASSES; c++) {
          double d = (p[c] / all - (c == e % CLASSES ? 1 : 0)) / EXAMPLES;
          dw[2 * c] += d * points[2 * e];
          dw[2 * c + 1] += d * points[2 * e + 1];
          db[c] += d;
        }
      }
      return new ValueAndGradients(
          sum / EXAMPLES,
          Tree.of(Map.of(weight, Tensor.of(dw, CLASSES, INPUTS), bias, Tensor.of(db))));
    }

    private static String path(Tree at, String name) {
      return at.paths().stream().filter(path -> path.contains(name)).findFirst().orElseThrow();
    }

    @Override
    public void close() {
      model.close();
    }
  }

  private static DefaultTrainingConfig config() {
    return new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss());
  }

  static Stream<GradientTransformation<?>> optimizers() {
    return Stream.of(
        Optimizers.lbfgs(),
        Transforms.chain(Optimizers.sgd(1), Transforms.scaleByBacktrackingLinesearch(20)),
        Transforms.chain(Optimizers.adam(0.3), Transforms.scaleByZoomLinesearch(10)));
  }

  /** Each step has the loss and the gradients of the whole batch, wherever the search looks. */
  @ParameterizedTest
  @MethodSource("optimizers")
  void aFullBatchFollowsTheCore(GradientTransformation<?> optimizer) {
    try (Softmax softmax = new Softmax();
        var trainer = new GlissadeTrainer(softmax.model, config(), optimizer)) {
      Stepper<?> core = Stepper.of(optimizer, softmax.params());
      LossFunction loss = softmax::loss;
      double first = core.step(loss);
      softmax.pass(trainer);
      trainer.step();
      for (int step = 0; step < 15; step++) {
        assertSame(softmax.params(), core.params());
        core.step(loss);
        softmax.pass(trainer);
        trainer.step();
        LinearModel.numbers(softmax.block, true)
            .values()
            .forEach(g -> assertThat(g).containsOnly(0));
      }
      assertThat(softmax.loss(softmax.params(), 0).value()).isLessThan(0.3 * first);
    }
  }

  private static void assertSame(Tree have, Tree want) {
    have.forEach((path, leaf) ->
        assertThat(leaf.toDoubles())
            .as(path)
            .containsExactly(want.get(path).toDoubles(), within(1e-6)));
  }

  @Test
  void lbfgsReachesTheOptimum() {
    try (Softmax softmax = new Softmax();
        var trainer = new GlissadeTrainer(softmax.model, config(), Optimizers.lbfgs())) {
      for (int step = 0; step < 40; step++) {
        softmax.pass(trainer);
        trainer.step();
      }
      Tree at = softmax.params();
      assertThat(softmax.loss(at, 0).gradients().norm().evaluate().value()).isLessThan(1e-5);
    }
  }

  /** A loss that throws after a number of evaluations. */
  private static final class Failing extends Loss {
    private final Loss inner = Loss.softmaxCrossEntropyLoss();
    private int left;

    Failing(int left) {
      super("failing");
      this.left = left;
    }

    @Override
    public NDArray evaluate(NDList labels, NDList predictions) {
      if (left-- == 0) {
        throw new IllegalStateException("no loss today");
      }
      return inner.evaluate(labels, predictions);
    }
  }

  /** The pass of the loop is the first evaluation of a step. */
  @ParameterizedTest
  @MethodSource("optimizers")
  void aLossThatThrowsChangesNothing(GradientTransformation<?> optimizer) {
    try (Softmax softmax = new Softmax();
        Softmax undisturbed = new Softmax();
        var trainer =
            new GlissadeTrainer(
                softmax.model, new DefaultTrainingConfig(new Failing(1)), optimizer);
        var other = new GlissadeTrainer(undisturbed.model, config(), optimizer)) {
      softmax.pass(trainer);
      Tree before = softmax.params();
      Map<String, double[]> gradients = LinearModel.numbers(softmax.block, true);
      assertThatThrownBy(trainer::step).hasMessage("no loss today");
      assertThat(softmax.params().sameBits(before)).isTrue();
      LinearModel.numbers(softmax.block, true)
          .forEach((path, have) -> assertThat(have).as(path).isEqualTo(gradients.get(path)));
      trainer.step();
      undisturbed.pass(other);
      other.step();
      assertThat(softmax.params().sameBits(undisturbed.params())).isTrue();
      assertThat(softmax.params().sameBits(before)).isFalse();
    }
  }

  @Test
  void frozenParametersStay() {
    try (LinearModel linear = new LinearModel(DataType.FLOAT64);
        var trainer = new GlissadeTrainer(linear.model, LinearModel.config(), Optimizers.lbfgs())) {
      linear.block.getChildren().valueAt(0).freezeParameters(true);
      Map<String, double[]> before = linear.params();
      for (int step = 0; step < 5; step++) {
        linear.pass(trainer, 0);
        trainer.step();
      }
      Map<String, double[]> after = linear.params();
      for (String path : before.keySet()) {
        boolean frozen = path.startsWith("01");
        assertThat(Arrays.equals(after.get(path), before.get(path))).as(path).isEqualTo(frozen);
      }
    }
  }

  @Test
  void aStepNeedsOneRecordedPass() {
    try (LinearModel linear = new LinearModel(DataType.FLOAT64);
        var trainer = new GlissadeTrainer(linear.model, LinearModel.config(), Optimizers.lbfgs())) {
      linear.pass(trainer, 0);
      NDList data = new NDList(linear.model.getNDManager().ones(new Shape(1, 3), DataType.FLOAT64));
      NDList labels =
          new NDList(linear.model.getNDManager().ones(new Shape(1, 1), DataType.FLOAT64));
      try (GradientCollector collector = trainer.newGradientCollector()) {
        collector.backward(trainer.getLoss().evaluate(labels, trainer.forward(data, labels)));
      }
      assertThatThrownBy(trainer::step)
          .hasMessage(
              "the optimizer asks for losses at other parameters: a step must have one pass for"
                  + " each device, but had 2");
      trainer.zeroGradients();
      trainer.accumulate(2);
      linear.pass(trainer, 0);
      trainer.step();
      linear.pass(trainer, 0);
      assertThatThrownBy(trainer::step)
          .hasMessage(
              "the optimizer asks for losses at other parameters: accumulate must be 1 for an"
                  + " optimizer that asks for more gradients, but was 2");
    }
  }
}
