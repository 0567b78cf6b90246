package dev.glissade.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.glissade.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Against the values and gradients of the original, recorded in conformance/losses.json. */
class LossesTest {
  private static final Map<String, Loss> LOSSES =
      Map.of(
          "squared_error", Losses.squaredError(),
          "l2_loss", Losses.l2Loss(),
          "huber_loss", Losses.huberLoss(),
          "sigmoid_binary_cross_entropy", Losses.sigmoidBinaryCrossEntropy(),
          "hinge_loss", Losses.hingeLoss(),
          "softmax_cross_entropy", Losses.softmaxCrossEntropy(),
          "softmax_cross_entropy_with_integer_labels", Losses.softmaxCrossEntropy());

  private static final List<String> OUTPUTS = List.of("predictions", "logits", "predictor_outputs");

  static Stream<JsonNode> cases() throws IOException {
    JsonNode file = new ObjectMapper().readTree(Path.of("../conformance/losses.json").toFile());
    return StreamSupport.stream(file.get("cases").spliterator(), false)
        .filter(recorded -> LOSSES.containsKey(recorded.get("function").asText()))
        .filter(recorded -> !recorded.get("inputs").has("where"));
  }

  @Test
  void eachLossIsRecorded() throws IOException {
    assertThat(cases().map(c -> c.get("function").asText())).containsAll(LOSSES.keySet());
  }

  private static double[] numbers(JsonNode leaf) {
    return StreamSupport.stream(leaf.get("data").spliterator(), false)
        .mapToDouble(JsonNode::asDouble)
        .toArray();
  }

  private static Loss loss(JsonNode recorded) {
    JsonNode delta = recorded.get("args").get("delta");
    return delta == null
        ? LOSSES.get(recorded.get("function").asText())
        : Losses.huberLoss(delta.asDouble());
  }

  @ParameterizedTest
  @MethodSource("cases")
  void valuesAndGradientsAreThoseOfTheOriginal(JsonNode recorded) {
    Loss loss = loss(recorded);
    JsonNode inputs = recorded.get("inputs");
    double[] outputs =
        numbers(inputs.get(OUTPUTS.stream().filter(inputs::has).findFirst().orElseThrow()));
    JsonNode second = inputs.has("targets") ? inputs.get("targets") : inputs.get("labels");
    double[] numbers = numbers(second);
    // A loss of single outputs is recorded for each of them, one of rows for each row.
    int width = loss instanceof ElementLoss ? 1 : 5;
    Targets targets =
        second.get("shape").size() == 1
            ? Targets.labels(Stream.of(second).flatMapToInt(LossesTest::ints).toArray())
            : Targets.values(Tensor.wrap(numbers, numbers.length / width, width));
    double[] values = numbers(recorded.get("value"));
    double[] gradients = numbers(recorded.get("gradient"));
    loss.check(targets, width);
    for (int i = 0; i < values.length; i++) {
      double[] row = new double[width];
      double[] gradient = new double[width];
      System.arraycopy(outputs, i * width, row, 0, width);
      assertThat(loss.example(row, targets, i, gradient)).isCloseTo(values[i], within(1e-12));
      assertThat(loss.example(row, targets, i, null)).isCloseTo(values[i], within(1e-12));
      for (int j = 0; j < width; j++) {
        assertThat(gradient[j]).isCloseTo(gradients[i * width + j], within(1e-12));
      }
    }
  }

  private static java.util.stream.IntStream ints(JsonNode leaf) {
    return StreamSupport.stream(leaf.get("data").spliterator(), false).mapToInt(JsonNode::asInt);
  }

  @Test
  void hugeOutputsHaveFiniteLossesAndGradients() {
    double[] gradient = new double[2];
    Targets labels = Targets.labels(1, 0);
    assertThat(Losses.softmaxCrossEntropy().example(new double[] {1e6, -1e6}, labels, 0, gradient))
        .isEqualTo(2e6);
    assertThat(gradient).containsExactly(1, -1);
    double[] one = new double[1];
    assertThat(Losses.sigmoidBinaryCrossEntropy().example(new double[] {1e6}, labels, 1, one))
        .isEqualTo(1e6);
    assertThat(one).containsExactly(1);
    assertThat(Losses.sigmoidBinaryCrossEntropy().example(new double[] {-1e6}, labels, 0, one))
        .isEqualTo(1e6);
    assertThat(one).containsExactly(-1);
  }

  @Test
  void nanInTheOutputsIsNanInLossAndGradient() {
    Targets labels = Targets.labels(1);
    LOSSES.forEach((name, loss) -> {
      double[] outputs = new double[loss instanceof ElementLoss ? 1 : 2];
      outputs[0] = Double.NaN;
      double[] gradient = new double[outputs.length];
      assertThat(loss.example(outputs, labels, 0, gradient)).as(name).isNaN();
      assertThat(gradient[0]).as(name).isNaN();
    });
  }

  @Test
  void classesZeroAndOneStandForTheTargetsOfALossOfOneOutput() {
    double[] output = {0.3};
    double[] gradient = new double[1];
    double no = Losses.hingeLoss().example(output, Targets.labels(0), 0, gradient);
    assertThat(no).isEqualTo(1.3);
    assertThat(gradient).containsExactly(1);
    double yes = Losses.sigmoidBinaryCrossEntropy().example(output, Targets.labels(1), 0, null);
    assertThat(yes).isCloseTo(Math.log(1 + Math.exp(-0.3)), within(1e-15));
  }

  @Test
  void targetsThatDoNotSuitALossAreRefused() {
    assertThatThrownBy(() -> Losses.softmaxCrossEntropy().check(Targets.labels(0, 3), 3))
        .hasMessage("classes[1] must be less than 3, the number of classes, but was 3");
    assertThatThrownBy(() -> Losses.squaredError().check(Targets.labels(0), 2))
        .hasMessage(
            "the model must have one output for classes 0 and 1 under this loss, but had 2");
    assertThatThrownBy(() -> Losses.hingeLoss().check(Targets.labels(2), 1))
        .hasMessage("classes[0] must be less than 2, the number of classes, but was 2");
    assertThatThrownBy(() -> Losses.squaredError().check(Targets.values(1f), 2))
        .hasMessage("targets must have a number for each of 2 outputs, but had 1");
    assertThatThrownBy(() -> Losses.softmaxCrossEntropy().check(Targets.values(1.0), 2))
        .hasMessage("targets must have a probability for each of 2 classes, but had 1");
    assertThatThrownBy(() -> Losses.huberLoss(0)).hasMessage("delta must be positive, but was 0.0");
  }

  @Test
  void targetsAreChecked() {
    assertThatThrownBy(() -> Targets.labels(0, -1))
        .hasMessage("classes[1] must not be negative, but was -1");
    assertThatThrownBy(() -> Targets.labels(0, 1).weighted(1))
        .hasMessage("weights must have one number for each of 2 examples, but had 1");
    assertThatThrownBy(() -> Targets.values(1.0).weighted(Float.NaN))
        .hasMessage("weights[0] must be finite and not negative, but was NaN");
    assertThatThrownBy(() -> Targets.values(Tensor.of(new float[3])))
        .hasMessage("values must have two axes, [examples, numbers], but had 1");
    assertThatThrownBy(() -> new Batch(Tensor.of(new float[6], 3, 2), Targets.labels(0)))
        .hasMessage("targets must be one for each of the 3 rows of inputs, but were 1");
  }
}
