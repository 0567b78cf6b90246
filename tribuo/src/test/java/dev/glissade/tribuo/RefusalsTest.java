package dev.glissade.tribuo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glissade.NonFinite;
import dev.glissade.NonFiniteException;
import dev.glissade.contrib.Contrib;
import dev.glissade.optimizer.Optimizers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tribuo.math.LinearParameters;
import org.tribuo.math.la.DenseMatrix;
import org.tribuo.math.la.DenseVector;
import org.tribuo.math.la.Tensor;
import org.tribuo.math.optimisers.util.ShrinkingMatrix;

/** One sentence for each thing that can't be done, after which all is as before. */
class RefusalsTest {

  private static void refuses(GlissadeOptimiser optimiser, String message) {
    LinearParameters model = Models.linear();
    double[][] before = Models.numbers(model);
    optimiser.initialise(model);
    assertThatThrownBy(() -> optimiser.step(Models.gradients(model, 2), 1))
        .isInstanceOf(RuntimeException.class)
        .hasMessage(message);
    assertThat(Models.numbers(model)).isDeepEqualTo(before);
  }

  @Test
  void optimizersThatNeedMore() {
    refuses(
        GlissadeOptimiser.of(Contrib.momo()),
        "extra argument \"value\" must be given: Tribuo gives an optimiser gradients alone, so use"
            + " another optimizer, or a Stepper in a loop of your own");
    refuses(
        GlissadeOptimiser.of(Optimizers.lbfgs()),
        "the optimizer asks for losses at other parameters: Tribuo gives an optimiser gradients, but"
            + " no loss function: choose an optimizer of gradients alone");
    refuses(
        GlissadeOptimiser.of(
            Contrib.sam(Optimizers.adam(0.1), Optimizers.sgd(0.1)).opaqueMode(true)),
        "the optimizer asks for gradients at other parameters: Tribuo gives an optimiser gradients,"
            + " but no loss function: choose an optimizer of gradients alone");
    assertThatThrownBy(() -> GlissadeOptimiser.of(Contrib.dpsgd(0.3, 5, 0.01, 7)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "optimizer must take mean gradients, but takes per-example ones, which Tribuo's"
                + " trainers do not give to an optimiser: use PrivateTraining of glissade-privacy"
                + " in a loop of your own");
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 1.5, 0.3, -1})
  void weightsThatAreNotOfAMinibatch(double weight) {
    LinearParameters model = Models.linear();
    GlissadeOptimiser optimiser = GlissadeOptimiser.of(Optimizers.sgd(0.1)).minibatchSize(4);
    optimiser.initialise(model);
    double[][] before = Models.numbers(model);
    assertThatThrownBy(() -> optimiser.step(Models.gradients(model, 2), weight))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "the weight of a minibatch must be its number of examples divided by minibatchSize 4,"
                + " but was %s: set minibatchSize to the trainer's, and weighted(true) if examples"
                    .formatted(weight)
                + " have weights");
    assertThat(Models.numbers(model)).isDeepEqualTo(before);
    optimiser.weighted(true).step(Models.gradients(model, 2), weight);
  }

  @Test
  void settingsOutOfRange() {
    GlissadeOptimiser optimiser = GlissadeOptimiser.of(Optimizers.sgd(0.1));
    assertThatThrownBy(() -> optimiser.minibatchSize(0))
        .hasMessage("minibatchSize must be at least 1, but was 0");
    assertThatThrownBy(() -> optimiser.accumulate(0))
        .hasMessage("accumulate must be at least 1, but was 0");
    assertThatThrownBy(() -> optimiser.threads(0))
        .hasMessage("threads must be at least 1, but was 0");
    optimiser.initialise(Models.linear());
    assertThatThrownBy(() -> optimiser.step(Models.gradients(Models.linear(), 1), Double.NaN))
        .hasMessage("weight must be finite, but was NaN");
  }

  @Test
  void gradientsThatDoNotFit() {
    LinearParameters model = Models.linear();
    GlissadeOptimiser optimiser = GlissadeOptimiser.of(Optimizers.sgd(0.1));
    optimiser.initialise(model);
    assertThatThrownBy(() -> optimiser.step(new Tensor[0], 1))
        .hasMessage("step must have 1 gradients, one for each parameter, but had 0");
    assertThatThrownBy(() -> optimiser.step(new Tensor[] {new DenseMatrix(4, 3)}, 1))
        .hasMessage("the gradient of \"weights\" must have the shape [3, 4], but had [4, 3]");
    assertThatThrownBy(() -> optimiser.step(new Tensor[] {new DenseVector(12)}, 1))
        .hasMessage("the gradient of \"weights\" must have the shape [3, 4], but had [12]");
  }

  @Test
  @SuppressWarnings({"NullAway", "DataFlowIssue"})
  void whatIsNull() {
    GlissadeOptimiser optimiser = GlissadeOptimiser.of(Optimizers.sgd(0.1));
    assertThatThrownBy(() -> GlissadeOptimiser.of(null)).hasMessage("optimizer must not be null");
    assertThatThrownBy(() -> optimiser.nonFinite(null)).hasMessage("what must not be null");
    assertThatThrownBy(() -> optimiser.saveTo(null, 1)).hasMessage("where must not be null");
    assertThatThrownBy(() -> optimiser.resumeFrom(null)).hasMessage("checkpoint must not be null");
    assertThatThrownBy(() -> optimiser.initialise(null)).hasMessage("parameters must not be null");
    optimiser.initialise(Models.linear());
    assertThatThrownBy(() -> optimiser.step(null, 1)).hasMessage("updates must not be null");
    assertThatThrownBy(() -> optimiser.step(new Tensor[1], 1))
        .hasMessage("the gradient of \"weights\" must be a vector or a matrix, but was null");
  }

  @Test
  void parametersThatAreNotDense() {
    LinearParameters model = Models.linear();
    model.set(new Tensor[] {new ShrinkingMatrix(new DenseMatrix(3, 4), 0.1, true)});
    GlissadeOptimiser optimiser = GlissadeOptimiser.of(Optimizers.sgd(0.1));
    assertThatThrownBy(() -> optimiser.initialise(model))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "parameter \"weights\" must be a DenseVector or a DenseMatrix, but was a"
                + " ShrinkingMatrix");
  }

  private static Tensor[] spoiled(LinearParameters model) {
    Tensor[] gradients = Models.gradients(model, 2);
    ((DenseMatrix) gradients[0]).set(1, 1, Double.NaN);
    return gradients;
  }

  @Test
  void gradientsThatAreNotFinite() {
    for (int accumulate : new int[] {1, 2}) {
      LinearParameters model = Models.linear();
      LinearParameters other = Models.linear();
      GlissadeOptimiser optimiser = GlissadeOptimiser.of(Contrib.prodigy()).accumulate(accumulate);
      GlissadeOptimiser undisturbed = optimiser.copy();
      optimiser.nonFinite(NonFinite.SKIP).initialise(model);
      undisturbed.initialise(other);
      steps(accumulate, optimiser, model, 5);
      steps(accumulate, undisturbed, other, 5);
      double[][] before = Models.numbers(model);
      for (int i = 0; i < accumulate; i++) {
        optimiser.step(spoiled(model), 1);
      }
      assertThat(Models.numbers(model)).isDeepEqualTo(before);
      steps(accumulate, optimiser, model, 6);
      steps(accumulate, undisturbed, other, 6);
      assertThat(Models.numbers(model)).isDeepEqualTo(Models.numbers(other));
      assertThat(optimiser.estimates()).containsEntry("skipped", 1.0);
      assertThat(undisturbed.estimates()).doesNotContainKey("skipped");
    }
  }

  private static void steps(
      int count, GlissadeOptimiser optimiser, LinearParameters model, int seed) {
    for (int i = 0; i < count; i++) {
      optimiser.step(Models.gradients(model, seed + i), 1);
    }
  }

  @Test
  void refusesGradientsThatAreNotFinite() {
    LinearParameters model = Models.linear();
    LinearParameters other = Models.linear();
    GlissadeOptimiser optimiser = GlissadeOptimiser.of(Contrib.prodigy());
    GlissadeOptimiser undisturbed = optimiser.copy();
    optimiser.nonFinite(NonFinite.ERROR).initialise(model);
    undisturbed.initialise(other);
    assertThatThrownBy(() -> optimiser.step(spoiled(model), 1))
        .isInstanceOf(NonFiniteException.class);
    steps(1, optimiser, model, 3);
    steps(1, undisturbed, other, 3);
    assertThat(Models.numbers(model)).isDeepEqualTo(Models.numbers(other));
    GlissadeOptimiser allowing = GlissadeOptimiser.of(Optimizers.sgd(0.1));
    allowing.initialise(model);
    allowing.step(spoiled(model), 1);
    assertThat(Models.numbers(model)[0]).contains(Double.NaN);
  }
}
