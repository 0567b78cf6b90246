package dev.glissade.tribuo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glissade.optimizer.Optimizers;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tribuo.Dataset;
import org.tribuo.classification.Label;
import org.tribuo.classification.LabelFactory;
import org.tribuo.classification.sgd.crf.CRFTrainer;
import org.tribuo.classification.sgd.fm.FMClassificationTrainer;
import org.tribuo.classification.sgd.linear.LinearSGDTrainer;
import org.tribuo.classification.sgd.objectives.Hinge;
import org.tribuo.classification.sgd.objectives.LogMulticlass;
import org.tribuo.dataset.DatasetView;
import org.tribuo.math.LinearParameters;
import org.tribuo.regression.RegressionFactory;
import org.tribuo.regression.Regressor;
import org.tribuo.regression.sgd.objectives.SquaredLoss;

/** A minibatch size that is not the trainer's is a warning, and right use is none. */
class MinibatchWatchTest {
  private static final String TOO_LARGE =
      "minibatchSize is 1, but the trainer has minibatches, so the gradients are too large, by up to"
          + " the square of their size: set minibatchSize of GlissadeOptimiser to the trainer's";
  private static final Logger LOG = Logger.getLogger(GlissadeOptimiser.class.getName());

  private final List<String> warnings = new ArrayList<>();
  private final Handler handler =
      new Handler() {
        @Override
        public void publish(LogRecord entry) {
          warnings.add(entry.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  @BeforeEach
  void listen() {
    LOG.addHandler(handler);
    LOG.setUseParentHandlers(false);
  }

  @AfterEach
  void stop() {
    LOG.removeHandler(handler);
    LOG.setUseParentHandlers(true);
  }

  private static GlissadeOptimiser optimiser() {
    return GlissadeOptimiser.of(Optimizers.sgd(0.001));
  }

  private static Dataset<Label> labels(int size, int labels, boolean dense, float... weights) {
    List<Label> outputs = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      outputs.add(new Label("label " + i % labels));
    }
    Dataset<Label> data = Models.data(new LabelFactory(), outputs, dense, weights);
    int[] sparse = IntStream.range(0, size).filter(i -> i != Models.DENSE).toArray();
    return dense ? data : new DatasetView<>(data, sparse, "sparse"); // Tribuo takes no mixture
  }

  private static Dataset<Regressor> numbers(int size, int dimensions, float... weights) {
    List<Regressor> outputs = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      String[] names = {"u", "v", "w"};
      double[] values = {Math.sin(i), Math.cos(2 * i), 2 * Math.sin(i)};
      outputs.add(
          new Regressor(
              java.util.Arrays.copyOf(names, dimensions),
              java.util.Arrays.copyOf(values, dimensions)));
    }
    return Models.data(new RegressionFactory(), outputs, true, weights);
  }

  private static LinearSGDTrainer linear(GlissadeOptimiser optimiser, int epochs, int batch) {
    return new LinearSGDTrainer(new LogMulticlass(), optimiser, epochs, -1, batch, 1);
  }

  private static org.tribuo.regression.sgd.linear.LinearSGDTrainer regression(
      GlissadeOptimiser optimiser, int epochs, int batch) {
    return new org.tribuo.regression.sgd.linear.LinearSGDTrainer(
        new SquaredLoss(), optimiser, epochs, -1, batch, 1);
  }

  private static FMClassificationTrainer machine(GlissadeOptimiser optimiser, int batch) {
    return new FMClassificationTrainer(new LogMulticlass(), optimiser, 5, -1, batch, 1, 3, 0.1);
  }

  /** With three labels, a sum of gradients is not a product of two vectors. */
  @ParameterizedTest
  @CsvSource({"16, true", "16, false", "2, true", "100, true"})
  void aForgottenSizeIsSeenInTheFirstGradients(int batch, boolean dense) {
    linear(optimiser(), 1, batch).train(labels(96, 3, dense));
    assertThat(warnings).containsExactly(TOO_LARGE);
    linear(optimiser().accumulate(2), 1, batch).train(labels(96, 3, dense));
    assertThat(warnings).containsExactly(TOO_LARGE, TOO_LARGE);
  }

  @Test
  void alsoInFactorizationMachinesAndRegressions() {
    machine(optimiser(), 16).train(labels(96, 3, true));
    assertThat(warnings).containsExactly(TOO_LARGE);
    regression(optimiser(), 1, 16).train(numbers(96, 2));
    assertThat(warnings).containsExactly(TOO_LARGE, TOO_LARGE);
  }

  /** Two labels: the gradients tell nothing, but the weights of examples are float32. */
  @Test
  void aWeightThatIsNoneOfAnExample() {
    linear(optimiser(), 1, 10).train(labels(103, 2, true));
    assertThat(warnings).containsExactly(TOO_LARGE);
    new CRFTrainer(optimiser(), 1, 1000, 3, 1).train(MeanGradientTest.sequences());
    assertThat(warnings).containsExactly(TOO_LARGE, TOO_LARGE);
  }

  /** A float32, too: 5 / 16. */
  @Test
  void aSmallerWeightAtTheEndOfEachEpoch() {
    Dataset<Label> two = labels(149, 2, true);
    Dataset<Regressor> one = numbers(149, 1);
    linear(optimiser(), 3, 16).train(two);
    regression(optimiser(), 3, 16).train(one);
    assertThat(warnings).isEmpty();
    linear(optimiser(), 4, 16).train(two);
    assertThat(warnings).containsExactly(TOO_LARGE);
    regression(optimiser(), 9, 16).train(one);
    assertThat(warnings).containsExactly(TOO_LARGE, TOO_LARGE);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 16, 100})
  void theRightSizeIsNoWarning(int batch) {
    for (boolean dense : new boolean[] {true, false}) {
      for (int size : new int[] {32, 149}) {
        for (int labels = 2; labels < 4; labels++) {
          linear(optimiser().minibatchSize(batch), 5, batch).train(labels(size, labels, dense));
        }
      }
    }
    machine(optimiser().minibatchSize(batch), batch).train(labels(149, 3, true));
    for (int dimensions = 1; dimensions < 4; dimensions++) {
      regression(optimiser().minibatchSize(batch), 9, batch).train(numbers(149, dimensions));
    }
    int sequences = Math.min(batch, 7); // all of them
    new CRFTrainer(optimiser().minibatchSize(sequences), 9, 1000, sequences, 1)
        .train(MeanGradientTest.sequences());
    new LinearSGDTrainer(new Hinge(), optimiser().minibatchSize(batch), 9, -1, batch, 1)
        .train(labels(149, 3, true));
    assertThat(warnings).isEmpty();
  }

  @Test
  void aSizeThatTheTrainerDoesNotHaveIsAWarning() {
    linear(optimiser().minibatchSize(16), 1, 1).train(labels(64, 3, true));
    assertThat(warnings)
        .containsExactly(
            "minibatchSize is 16, but the first 8 gradients are those of one example each, so the"
                + " gradients are too small: set minibatchSize of GlissadeOptimiser to the"
                + " trainer's");
    warnings.clear();
    linear(optimiser().minibatchSize(16).weighted(true), 1, 1).train(labels(64, 3, false));
    assertThat(warnings).hasSize(1);
  }

  @Test
  void weightsOfExamplesAreNoWarning() {
    float[] alone = new float[40]; // the last of each epoch, without shuffling
    java.util.Arrays.fill(alone, 1);
    alone[39] = 0.5f;
    for (float[] weights : List.of(alone, new float[] {0.5f, 2, 3}, new float[] {0.1f, 0.7f, 1})) {
      for (int labels = 2; labels < 4; labels++) {
        Dataset<Label> data = labels(40, labels, true, weights);
        for (boolean shuffle : new boolean[] {true, false}) {
          LinearSGDTrainer each = linear(optimiser(), 9, 1);
          each.setShuffle(shuffle);
          each.train(data);
          LinearSGDTrainer together = linear(optimiser().minibatchSize(16).weighted(true), 9, 16);
          together.setShuffle(shuffle);
          together.train(data);
        }
        linear(optimiser().accumulate(16), 9, 1).train(data);
        machine(optimiser(), 1).train(data);
      }
      regression(optimiser(), 9, 1).train(numbers(40, 1, weights));
    }
    assertThat(warnings).isEmpty();
  }

  @Test
  void weightsInMinibatchesThatAreNotSaidToBeThereAreAWarning() {
    // 8 or 16 times 0.5 or 1: all are numbers of examples.
    float[] weights = new float[64];
    java.util.Arrays.fill(weights, 1);
    java.util.Arrays.fill(weights, 0, 16, 0.5f);
    java.util.Arrays.fill(weights, 32, 40, 0.5f);
    Dataset<Label> data = labels(64, 2, true, weights);
    LinearSGDTrainer trainer = linear(optimiser().minibatchSize(16), 2, 16);
    trainer.setShuffle(false);
    trainer.train(data);
    assertThat(warnings)
        .containsExactly(
            "minibatchSize is 16, but the weights of the trainer's minibatches are not those of 16"
                + " examples and a smaller last minibatch: set minibatchSize of GlissadeOptimiser to"
                + " the trainer's, and weighted(true) if examples have weights");
  }

  /** Such a loop may pass any gradients and weights. */
  @Test
  void aLoopOfYourOwnIsNoWarning() {
    LinearParameters model = Models.linear();
    for (int size : new int[] {1, 4}) {
      GlissadeOptimiser optimiser = optimiser().minibatchSize(size);
      optimiser.initialise(model);
      for (int i = 0; i < 20; i++) {
        optimiser.step(Models.gradients(model, i), i % 4 == 0 ? 0.25 : i % 4 == 1 ? 0.75 : 1);
      }
      optimiser.finalise();
    }
    assertThat(warnings).isEmpty();
  }

  @Test
  void aProductOfVectorsIsOneUpToRounding() {
    org.tribuo.math.la.DenseVector small =
        org.tribuo.math.la.DenseVector.createDenseVector(new double[] {1e-30, 1 / 3.0, -1e5});
    org.tribuo.math.la.DenseVector other =
        org.tribuo.math.la.DenseVector.createDenseVector(new double[] {0.1, 1e-9, 7e8, 0});
    org.tribuo.math.la.Matrix product = small.outer(other);
    assertThat(RankOne.isExceededBy(product)).isFalse();
    assertThat(RankOne.isExceededBy(new org.tribuo.math.la.DenseMatrix(2, 2))).isFalse();
    product.add(1, 1, 1e9);
    assertThat(RankOne.isExceededBy(product)).isTrue();
    product.set(0, 0, Double.NaN);
    product.set(2, 2, Double.POSITIVE_INFINITY);
    assertThat(RankOne.isExceededBy(product)).isFalse();
  }
}
