package dev.glissade.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.glissade.DType;
import dev.glissade.LossFunction;
import dev.glissade.Stepper;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import dev.glissade.contrib.Contrib;
import dev.glissade.matrix.MatrixProduct;
import dev.glissade.optimizer.Optimizers;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class ObjectiveTest {
  private static final int FEATURES = 5;

  static Tensor inputs(DType type, int examples) {
    return Tensor.of(
        type,
        new Random(examples).doubles((long) examples * FEATURES, -1, 1).toArray(),
        examples,
        FEATURES);
  }

  static Stream<Arguments> objectives() {
    List<Arguments> all = new ArrayList<>();
    Targets labels = Targets.labels(0, 2, 1, 1, 0, 2);
    Targets soft = Targets.values(Tensor.wrap(new Random(7).doubles(18, 0, 1).toArray(), 6, 3));
    Targets bits = Targets.labels(0, 1, 1, 0, 1, 0);
    for (Activation activation : Activation.values()) {
      for (Mlp shape : List.of(Mlp.linear(5, 3), Mlp.of(5, 7, 3), Mlp.of(5, 6, 1, 4, 3))) {
        Mlp model = shape.activation(activation).dtype(DType.FLOAT64);
        all.add(Arguments.of(model, Losses.softmaxCrossEntropy(), labels));
        all.add(
            Arguments.of(model, Losses.softmaxCrossEntropy(), labels.weighted(1, 2, 0, 1, 3, 1)));
        all.add(Arguments.of(model, Losses.squaredError(), soft));
        all.add(Arguments.of(model, Losses.sigmoidBinaryCrossEntropy(), soft));
      }
    }
    Mlp one = Mlp.of(5, 4, 1).activation(Activation.TANH).dtype(DType.FLOAT64);
    all.add(Arguments.of(one, Losses.hingeLoss(), bits));
    all.add(Arguments.of(one, Losses.sigmoidBinaryCrossEntropy(), bits));
    all.add(Arguments.of(one, Losses.huberLoss(0.5), Targets.values(1.0, -2, 0, 3, 0.1, -0.2)));
    return all.stream();
  }

  /** Biases away from 0, so that no unit without input is at its kink. */
  private static Tree params(Mlp model) {
    return model.initialParams(1).plus(0.05).evaluate();
  }

  @ParameterizedTest
  @MethodSource("objectives")
  void gradientsAreTheSlopesOfTheLoss(Mlp model, Loss loss, Targets targets) {
    Objective objective = Objective.of(model, loss);
    Batch batch = new Batch(inputs(DType.FLOAT64, 6), targets);
    Tree params = params(model);
    ValueAndGradient found = objective.gradient(params, batch);
    assertThat(found.value()).isEqualTo(objective.value(params, batch));
    GradientCheck check =
        GradientCheck.of(at -> objective.value(at, batch), params, found.gradient().copy());
    assertThat(check.error()).as("%s", check).isLessThan(1e-8);
  }

  @ParameterizedTest
  @MethodSource("objectives")
  void theMeanOfPerExampleGradientsIsTheGradient(Mlp model, Loss loss, Targets targets) {
    Objective objective = Objective.of(model, loss);
    Batch batch = new Batch(inputs(DType.FLOAT64, 6), targets);
    Tree params = params(model);
    ValueAndGradient mean = objective.gradient(params, batch);
    ValueAndGradient each = objective.perExampleGradients(params, batch);
    assertThat(each.value()).isEqualTo(mean.value());
    mean.gradient()
        .forEach((path, leaf) -> {
          Tensor examples = each.gradient().get(path);
          assertThat(examples.shape()[0]).isEqualTo(6);
          for (int i = 0; i < leaf.size(); i++) {
            double sum = 0;
            for (int e = 0; e < 6; e++) {
              sum += examples.get(e * leaf.size() + i);
            }
            assertThat(sum / 6).as("%s[%d]", path, i).isCloseTo(leaf.get(i), within(1e-12));
          }
        });
  }

  @ParameterizedTest
  @EnumSource(names = {"FLOAT32", "FLOAT64"})
  void aPenaltyCountsTheSquaresOfKernels(DType type) {
    Mlp model = Mlp.of(FEATURES, 4, 3).dtype(type);
    Batch batch = new Batch(inputs(type, 6), Targets.labels(0, 2, 1, 1, 0, 2));
    Tree params = params(model);
    Objective objective = Objective.of(model, Losses.softmaxCrossEntropy());
    Tree plain = objective.gradient(params, batch).gradient().copy();
    double without = objective.value(params, batch);
    double squares = 0;
    for (String kernel : List.of("dense0/kernel", "dense1/kernel")) {
      for (double w : params.get(kernel).toDoubles()) {
        squares += w * w;
      }
    }
    ValueAndGradient found = objective.l2(0.25).gradient(params, batch);
    assertThat(found.value()).isCloseTo(without + 0.25 * squares, within(1e-12));
    assertThat(objective.value(params, batch)).isEqualTo(found.value());
    found
        .gradient()
        .forEach((path, leaf) -> {
          for (int i = 0; i < leaf.size(); i++) {
            double added = path.endsWith("kernel") ? 0.5 * params.get(path).get(i) : 0;
            assertThat(leaf.get(i)).isCloseTo(plain.get(path).get(i) + added, within(1e-6));
          }
        });
    assertThatThrownBy(() -> objective.perExampleGradients(params, batch))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("must not be called with a penalty");
    assertThatThrownBy(() -> objective.l2(-1)).hasMessage("l2 must not be negative, but was -1.0");
    assertThat(objective.l2(0).value(params, batch)).isEqualTo(without);
  }

  /** A line search follows the loss function to the solution of ridge regression. */
  @Test
  void lineSearchesFollowTheLossFunction() {
    Mlp model = Mlp.linear(2, 1).dtype(DType.FLOAT64);
    Tensor inputs = Tensor.of(new double[][] {{1, 0}, {0, 2}, {-1, -2}});
    Batch batch = new Batch(inputs, Targets.values(1.0, 4, -5));
    LossFunction loss = Objective.of(model, Losses.squaredError()).l2(1).lossFunction(batch);
    Stepper<?> stepper = Stepper.of(Optimizers.lbfgs(), model.initialParams(0));
    for (int step = 0; step < 20; step++) {
      stepper.stepAgain(loss);
    }
    // The columns have the mean 0, so b = 0 and (X'X / 3 + I) w = X't / 3:
    // 5/3 w1 + 2/3 w2 = 2 and 2/3 w1 + 11/3 w2 = 6.
    double[] weights = stepper.params().get("dense0/kernel").toDoubles();
    assertThat(weights[0]).isCloseTo(30.0 / 51, within(1e-6));
    assertThat(weights[1]).isCloseTo(78.0 / 51, within(1e-6));
    assertThat(stepper.params().get("dense0/bias").get(0)).isCloseTo(0, within(1e-6));
    assertThat(loss.value(stepper.params(), 0))
        .isEqualTo(loss.valueAndGradients(stepper.params(), 0).value());
  }

  @Test
  void float32AgreesWithFloat64() {
    Mlp model = Mlp.of(FEATURES, 40, 30, 3);
    Tree params = model.initialParams(2);
    Mlp wide = model.dtype(DType.FLOAT64);
    Targets targets = Targets.labels(new Random(3).ints(300, 0, 3).toArray());
    Tensor inputs = inputs(DType.FLOAT32, 300);
    Tree found =
        Objective.of(model, Losses.softmaxCrossEntropy())
            .gradient(params, new Batch(inputs, targets))
            .gradient();
    Tree expected =
        Objective.of(wide, Losses.softmaxCrossEntropy())
            .gradient(wide.initialParams(2), new Batch(inputs.to(DType.FLOAT64), targets))
            .gradient();
    found.forEach((path, leaf) -> {
      for (int i = 0; i < leaf.size(); i++) {
        assertThat(leaf.get(i)).isCloseTo(expected.get(path).get(i), within(1e-6));
      }
    });
  }

  @Test
  void outputsAreThoseOfTheFormula() {
    Mlp model = Mlp.of(2, 2, 1).dtype(DType.FLOAT64);
    Tree params =
        Tree.builder()
            .add("dense0/kernel", Tensor.of(new double[] {1, -1, 2, 0.5}, 2, 2))
            .add("dense0/bias", Tensor.of(new double[] {0.5, 0}))
            .add("dense1/kernel", Tensor.of(new double[] {3, 4}, 2, 1))
            .add("dense1/bias", Tensor.of(new double[] {-1}))
            .build();
    // max(0, 1 + 2 + .5) = 3.5 and max(0, -1 + .5) = 0; 3 * 3.5 - 1 = 9.5.
    Tensor outputs = model.outputs(params, Tensor.of(new double[][] {{1, 1}, {-1, -1}}));
    // max(0, -1 - 2 + .5) = 0 and max(0, 1 - .5) = .5; 4 * .5 - 1 = 1.
    assertThat(outputs.toDoubles()).containsExactly(9.5, 1);
    assertThat(outputs.shape()).containsExactly(2, 1);
  }

  @Test
  void sequentialObjectivesHaveTheSameBits() {
    Mlp model = Mlp.of(FEATURES, 600, 300, 3);
    Batch batch = new Batch(inputs(DType.FLOAT32, 500), Targets.labels(new int[500]));
    Tree params = model.initialParams(5);
    Tree one = Objective.of(model, Losses.softmaxCrossEntropy()).gradient(params, batch).gradient();
    Tree other =
        Objective.of(model, Losses.softmaxCrossEntropy())
            .sequential()
            .gradient(params, batch)
            .gradient();
    assertThat(one.sameBits(other)).isTrue();
    assertThat(MatrixProduct.best().library()).isNotEmpty();
  }

  @Test
  void anEmptyBatchHasNoPerExampleGradientsAndLossZero() {
    Objective objective = Objective.of(Mlp.linear(FEATURES, 2), Losses.softmaxCrossEntropy());
    Batch none = new Batch(inputs(DType.FLOAT32, 0), Targets.labels());
    ValueAndGradient found =
        objective.perExampleGradients(objective.model().initialParams(0), none);
    assertThat(found.value()).isZero();
    assertThat(found.gradient().get("dense0/bias").shape()).containsExactly(0, 2);
  }

  @Test
  void learnsFromMinibatches() {
    int n = 200;
    Tensor inputs = inputs(DType.FLOAT32, n);
    int[] classes = new int[n];
    for (int i = 0; i < n; i++) {
      classes[i] = inputs.get(i * FEATURES) * inputs.get(i * FEATURES + 1) > 0 ? 1 : 0;
    }
    Mlp model = Mlp.of(FEATURES, 16, 2);
    Objective objective = Objective.of(model, Losses.softmaxCrossEntropy());
    Stepper<?> stepper = Stepper.of(Contrib.prodigy(), model.initialParams(0));
    Minibatches minibatches = Minibatches.of(inputs, Targets.labels(classes), 20);
    for (int epoch = 0; epoch < 60; epoch++) {
      for (Batch batch : minibatches.epoch(epoch)) {
        stepper.step(objective.gradient(stepper.params(), batch).gradient());
      }
    }
    assertThat(objective.value(stepper.params(), minibatches.all())).isLessThan(0.2);
  }

  @Test
  void shapesAreNamed() {
    Mlp model = Mlp.of(64, 32, 16, 10);
    assertThat(model).hasToString("MLP 64-32-16-10");
    assertThat(Mlp.linear(64, 10)).hasToString("linear model 64-10");
    assertThat(model.structure().paths())
        .containsExactlyInAnyOrder(
            "dense0/kernel",
            "dense0/bias",
            "dense1/kernel",
            "dense1/bias",
            "dense2/kernel",
            "dense2/bias");
    assertThat(model.structure().leaf("dense1/kernel").shape()).containsExactly(32, 16);
    assertThat(model.initialParams(0).structure()).isEqualTo(model.structure());
  }

  @Test
  void initialKernelsHaveTheDocumentedVariance() {
    Tree params = Mlp.of(200, 300, 100).initialParams(5);
    assertThat(variance(params.get("dense0/kernel"))).isCloseTo(2.0 / 200, within(2e-4));
    assertThat(variance(params.get("dense1/kernel"))).isCloseTo(2.0 / 400, within(2e-4));
    Tree smooth = Mlp.of(200, 300, 100).activation(Activation.TANH).initialParams(5);
    assertThat(variance(smooth.get("dense0/kernel"))).isCloseTo(2.0 / 500, within(2e-4));
    assertThat(params.get("dense0/bias").toFloats()).containsOnly(0f);
    assertThat(Mlp.of(200, 300, 100).initialParams(5).sameBits(params)).isTrue();
    assertThat(Mlp.of(200, 300, 100).initialParams(6).sameBits(params)).isFalse();
  }

  private static double variance(Tensor numbers) {
    return java.util.Arrays.stream(numbers.toDoubles()).map(x -> x * x).average().orElseThrow();
  }

  @Test
  void badInputIsRefused() {
    assertThatThrownBy(() -> Mlp.of(3))
        .hasMessage("sizes must have the number of inputs and of outputs, but had 1 numbers");
    assertThatThrownBy(() -> Mlp.of(3, 0, 2))
        .hasMessage("a hidden size must be positive, but was 0");
    assertThatThrownBy(() -> Mlp.of(1 << 20, 1 << 20, 2))
        .hasMessage("a layer must have fewer than 2^31 weights, but had 1048576 x 1048576");
    assertThatThrownBy(() -> Mlp.linear(3, 2).dtype(DType.BFLOAT16))
        .hasMessage("dtype must be float32 or float64, but was bfloat16");
    Mlp model = Mlp.linear(3, 2);
    Tree params = model.initialParams(0);
    assertThatThrownBy(() -> model.outputs(params, Tensor.of(new float[4], 2, 2)))
        .hasMessage(
            "inputs must be float32 of shape [examples, 3], but were float32 of shape [2, 2]");
    assertThatThrownBy(() -> model.outputs(params, Tensor.of(new double[3], 1, 3)))
        .hasMessage(
            "inputs must be float32 of shape [examples, 3], but were float64 of shape [1, 3]");
    assertThatThrownBy(
            () -> model.outputs(Mlp.linear(4, 2).initialParams(0), Tensor.of(new float[3], 1, 3)))
        .hasMessageStartingWith("params must have the structure of the model, ");
  }
}
