package dev.glissade.arena.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.glissade.arena.data.Dataset;
import dev.glissade.arena.data.Datasets;
import dev.glissade.arena.data.RandomOrder;
import dev.glissade.arena.data.Split;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ModelTest {
  private static final int FEATURES = 5;
  private static final int CLASSES = 3;

  static Stream<Model> models() {
    return Stream.of(
        Model.softmax(FEATURES, CLASSES),
        Model.mlp(FEATURES, List.of(7), CLASSES),
        Model.mlp(FEATURES, List.of(6, 1, 4), CLASSES));
  }

  static Dataset random(int size) {
    SplittableRandom random = new SplittableRandom(size);
    float[] inputs = new float[size * FEATURES];
    int[] labels = new int[size];
    for (int i = 0; i < inputs.length; i++) {
      inputs[i] = (float) (2 * random.nextDouble() - 1);
    }
    Arrays.setAll(labels, i -> random.nextInt(CLASSES));
    return Dataset.of("random", FEATURES, List.of("a", "b", "c"), inputs, labels);
  }

  private static final int[] ROWS = {0, 3, 9, 4, 4, 7, 1};

  @ParameterizedTest
  @MethodSource("models")
  void gradientsAreTheSlopesOfTheLoss(Model model) {
    Dataset data = random(10);
    Map<String, float[]> parameters = model.init(1);
    // Biases away from 0, so that no unit without input sits at its kink.
    parameters.keySet().stream()
        .filter(path -> path.endsWith("bias"))
        .forEach(path -> Arrays.fill(parameters.get(path), 0.3f));
    Map<String, float[]> gradients = model.zeros();
    Map<String, float[]> ignored = model.zeros();
    model.gradients(parameters, data, ROWS, 1, 7, gradients);
    float h = 1 / 128f;
    parameters.forEach((path, p) -> {
      for (int i = 0; i < p.length; i++) {
        float saved = p[i];
        p[i] = saved + h;
        double above = model.gradients(parameters, data, ROWS, 1, 7, ignored);
        p[i] = saved - h;
        double below = model.gradients(parameters, data, ROWS, 1, 7, ignored);
        p[i] = saved;
        double slope = (above - below) / (2 * h);
        assertThat((double) gradients.get(path)[i])
            .as("%s[%d]", path, i)
            .isCloseTo(slope, within(2e-3));
      }
    });
  }

  @ParameterizedTest
  @MethodSource("models")
  void meanOfPerExampleGradientsIsTheBatchGradient(Model model) {
    Dataset data = random(10);
    Map<String, float[]> parameters = model.init(2);
    Map<String, float[]> gradients = model.zeros();
    Map<String, float[]> each = model.zeros(8);
    double loss = model.gradients(parameters, data, ROWS, 1, 7, gradients);
    double same = model.perExampleGradients(parameters, data, ROWS, 1, 7, each);
    assertThat(same).isCloseTo(loss, within(1e-12));
    gradients.forEach((path, gradient) -> {
      for (int i = 0; i < gradient.length; i++) {
        double mean = 0;
        for (int b = 0; b < 6; b++) {
          mean += each.get(path)[b * gradient.length + i] / 6.0;
        }
        assertThat(mean).isCloseTo(gradient[i], within(1e-6));
      }
    });
  }

  @ParameterizedTest
  @MethodSource("models")
  void aPerExampleGradientIsTheGradientOfABatchOfOne(Model model) {
    Dataset data = random(10);
    Map<String, float[]> parameters = model.init(3);
    Map<String, float[]> each = model.zeros(7);
    model.perExampleGradients(parameters, data, ROWS, 0, 7, each);
    Map<String, float[]> one = model.zeros();
    for (int b = 0; b < 7; b++) {
      model.gradients(parameters, data, ROWS, b, b + 1, one);
      int example = b;
      one.forEach((path, gradient) ->
          assertThat(
                  Arrays.copyOfRange(
                      each.get(path), example * gradient.length, (example + 1) * gradient.length))
              .containsExactly(gradient, within(1e-6f)));
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void evaluationIsTheLossOverAllRows(Model model) {
    Dataset data = random(600);
    Map<String, float[]> parameters = model.init(4);
    double loss = model.gradients(parameters, data, RandomOrder.of(600, 0), 0, 600, model.zeros());
    assertThat(model.evaluate(parameters, data).loss()).isCloseTo(loss, within(1e-6));
  }

  @Test
  void shapesAreNamedAndOrdered() {
    Model model = Model.mlp(64, List.of(32, 16), 10);
    assertThat(model.description()).isEqualTo("MLP 64-32-16-10");
    assertThat(Model.softmax(64, 10).description()).isEqualTo("softmax regression 64-10");
    assertThat(model.shapes().keySet())
        .containsExactly(
            "dense0/kernel",
            "dense0/bias",
            "dense1/kernel",
            "dense1/bias",
            "dense2/kernel",
            "dense2/bias");
    assertThat(model.shapes().get("dense1/kernel")).containsExactly(32, 16);
    assertThat(model.shapes().get("dense2/bias")).containsExactly(10);
  }

  @Test
  void initialKernelsHaveTheDocumentedVariance() {
    Map<String, float[]> parameters = Model.mlp(200, List.of(300), 100).init(5);
    assertThat(variance(parameters.get("dense0/kernel"))).isCloseTo(2.0 / 200, within(2e-4));
    assertThat(variance(parameters.get("dense1/kernel"))).isCloseTo(2.0 / 400, within(2e-4));
    assertThat(parameters.get("dense0/bias")).containsOnly(0f);
    assertThat(Model.mlp(200, List.of(300), 100).init(5).get("dense1/kernel"))
        .containsExactly(parameters.get("dense1/kernel"));
  }

  private static double variance(float[] values) {
    double squares = 0;
    for (float value : values) {
      squares += (double) value * value;
    }
    return squares / values.length;
  }

  @Test
  void hugeLogitsGiveAFiniteLoss() {
    Model model = Model.softmax(FEATURES, CLASSES);
    Map<String, float[]> parameters = model.zeros();
    parameters.get("dense0/bias")[1] = 1e30f;
    Metrics evaluation = model.evaluate(parameters, random(50));
    assertThat(evaluation.loss()).isFinite().isGreaterThan(1e28);
  }

  @Test
  void nanParametersAreWrongEverywhere() {
    Model model = Model.softmax(FEATURES, CLASSES);
    Map<String, float[]> parameters = model.zeros();
    parameters.get("dense0/bias")[2] = Float.NaN;
    Metrics evaluation = model.evaluate(parameters, random(50));
    assertThat(evaluation.loss()).isNaN();
    assertThat(evaluation.accuracy()).isZero();
  }

  @Test
  void equalLogitsCountForTheFirstClass() {
    Dataset data = random(50);
    Metrics evaluation =
        Model.softmax(FEATURES, CLASSES).evaluate(Model.softmax(FEATURES, CLASSES).zeros(), data);
    long first = Arrays.stream(data.labels()).filter(label -> label == 0).count();
    assertThat(evaluation.accuracy()).isEqualTo(first / 50.0);
    assertThat(evaluation.loss()).isCloseTo(Math.log(3), within(1e-12));
  }

  @Test
  void gradientDescentLearnsTheDigits() {
    Split digits = Datasets.digits().split(0);
    Model model = Model.mlp(64, List.of(64), 10);
    Map<String, float[]> parameters = model.init(0);
    Map<String, float[]> gradients = model.zeros();
    for (int epoch = 0; epoch < 10; epoch++) {
      int[] order = RandomOrder.of(digits.train().size(), epoch);
      for (int from = 0; from < order.length; from += 32) {
        int to = Math.min(order.length, from + 32);
        model.gradients(parameters, digits.train(), order, from, to, gradients);
        parameters.forEach((path, p) -> {
          for (int i = 0; i < p.length; i++) {
            p[i] -= 0.1f * gradients.get(path)[i];
          }
        });
      }
    }
    assertThat(model.evaluate(parameters, digits.test()).accuracy()).isGreaterThan(0.92);
  }

  @Test
  void refusalsNameTheRuleAndTheValue() {
    Model model = Model.softmax(FEATURES, CLASSES);
    Map<String, float[]> good = model.init(0);
    Dataset data = random(10);
    refused(() -> Model.softmax(0, 3), "features must be at least 1, but was 0");
    refused(() -> Model.mlp(3, List.of(4, -1), 3), "hidden size must be at least 1, but was -1");
    refused(
        () -> model.gradients(good, data, new int[] {0, 10}, 0, 2, model.zeros()),
        "rows[1] must be in [0, 10), but was 10");
    refused(
        () -> model.gradients(good, data, ROWS, 2, 2, model.zeros()),
        "a batch must have 0 <= from < to <= 7, but had from 2, to 2");
    refused(
        () -> model.gradients(Map.of(), data, ROWS, 0, 2, model.zeros()),
        "arrays must have dense0/kernel, but had []");
    refused(
        () -> model.gradients(good, data, ROWS, 0, 2, Model.softmax(6, 3).zeros()),
        "gradient dense0/kernel must have 15 numbers, but had 18");
    refused(
        () -> model.perExampleGradients(good, data, ROWS, 0, 7, model.zeros(6)),
        "per-example gradient dense0/kernel must have at least 7 x 15 numbers, but had 90");
    refused(
        () -> Model.softmax(4, 3).evaluate(good, data),
        "softmax regression 4-3 must get 4 features and at most 3 classes, but random has 5 and 3");
  }

  private static void refused(Runnable call, String message) {
    assertThatThrownBy(call::run).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
  }
}
