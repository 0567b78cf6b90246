package dev.glissade.arena.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.glissade.Stepper;
import dev.glissade.Tree;
import dev.glissade.arena.data.Dataset;
import dev.glissade.arena.data.Datasets;
import dev.glissade.arena.data.RandomOrder;
import dev.glissade.arena.data.Split;
import dev.glissade.models.Losses;
import dev.glissade.models.Mlp;
import dev.glissade.optimizer.Optimizers;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class NetworkTest {
  private static final int FEATURES = 5;
  private static final int CLASSES = 3;

  private static Dataset random(int size) {
    SplittableRandom random = new SplittableRandom(size);
    float[] inputs = new float[size * FEATURES];
    int[] labels = new int[size];
    for (int i = 0; i < inputs.length; i++) {
      inputs[i] = (float) (2 * random.nextDouble() - 1);
    }
    Arrays.setAll(labels, i -> random.nextInt(CLASSES));
    return Dataset.of("random", FEATURES, List.of("a", "b", "c"), inputs, labels);
  }

  private static Network network(Mlp model) {
    return new Network(model, Losses.softmaxCrossEntropy(), 0);
  }

  private static Network linear() {
    return network(Mlp.linear(FEATURES, CLASSES));
  }

  /** Parameters of which one bias is set and all else is 0. */
  private static Tree params(int output, float bias) {
    Tree params = linear().model().initialParams(0).times(0).evaluate();
    ((float[]) params.get("dense0/bias").array())[output] = bias;
    return params;
  }

  @Test
  void evaluationIsTheLossOverAllRows() {
    Network network = network(Mlp.of(FEATURES, 7, CLASSES));
    Dataset data = random(3000);
    Tree params = network.model().initialParams(4);
    double loss =
        network.objective().value(params, network.batch(data, RandomOrder.of(3000, 0), 0, 3000));
    assertThat(network.evaluate(params, data).loss()).isCloseTo(loss, within(1e-6));
  }

  @Test
  void hugeLogitsGiveAFiniteLoss() {
    assertThat(linear().evaluate(params(1, 1e30f), random(50)).loss())
        .isFinite()
        .isGreaterThan(1e28);
  }

  @Test
  void nanParametersAreWrongEverywhere() {
    Metrics evaluation = linear().evaluate(params(2, Float.NaN), random(50));
    assertThat(evaluation.loss()).isNaN();
    assertThat(evaluation.score()).isZero();
  }

  @Test
  void equalLogitsCountForTheFirstClass() {
    Dataset data = random(50);
    Metrics evaluation = linear().evaluate(params(0, 0), data);
    long first = Arrays.stream(data.labels()).filter(label -> label == 0).count();
    assertThat(evaluation.score()).isEqualTo(first / 50.0);
    assertThat(evaluation.loss()).isCloseTo(Math.log(3), within(1e-12));
  }

  @Test
  void gradientDescentLearnsTheDigits() {
    Split digits = Datasets.digits().split(0);
    Network network = network(Mlp.of(64, 64, 10));
    Stepper<?> stepper = Stepper.of(Optimizers.sgd(0.1), network.model().initialParams(0));
    Minibatch minibatch = new Minibatch(network, digits.train(), false);
    for (int epoch = 0; epoch < 10; epoch++) {
      int[] order = RandomOrder.of(digits.train().size(), epoch);
      for (int from = 0; from < order.length; from += 32) {
        minibatch.move(order, from, Math.min(order.length, from + 32));
        minibatch.compute(stepper.params());
        stepper.step(minibatch.gradients());
      }
    }
    assertThat(network.evaluate(stepper.params(), digits.test()).score()).isGreaterThan(0.92);
  }
}
