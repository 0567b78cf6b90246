package dev.glissade.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.glissade.DType;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** All losses against conformance/optax/losses.json, and their gradients against differences. */
class RecordedLossesTest {
  private static final Map<String, Loss> OF_ROWS =
      Map.ofEntries(
          Map.entry("cosine_similarity", Losses.cosineSimilarity()),
          Map.entry("softmax_cross_entropy", Losses.softmaxCrossEntropy()),
          Map.entry("safe_softmax_cross_entropy", Losses.softmaxCrossEntropy()),
          Map.entry("softmax_cross_entropy_with_integer_labels", Losses.softmaxCrossEntropy()),
          Map.entry("multiclass_hinge_loss", Losses.multiclassHingeLoss()),
          Map.entry("multiclass_perceptron_loss", Losses.multiclassPerceptronLoss()),
          Map.entry("multiclass_sparsemax_loss", Losses.multiclassSparsemaxLoss()),
          Map.entry("kl_divergence", Losses.klDivergence()),
          Map.entry("kl_divergence_with_log_targets", Losses.klDivergenceWithLogTargets()),
          Map.entry("generalized_kl_divergence", Losses.generalizedKlDivergence()),
          Map.entry("ranking_softmax_loss", Losses.rankingSoftmaxLoss()));

  private static final Map<String, ElementLoss> OF_ELEMENTS =
      Map.of(
          "squared_error", Losses.squaredError(),
          "l2_loss", Losses.l2Loss(),
          "log_cosh", Losses.logCosh(),
          "sigmoid_binary_cross_entropy", Losses.sigmoidBinaryCrossEntropy(),
          "hinge_loss", Losses.hingeLoss(),
          "perceptron_loss", Losses.perceptronLoss(),
          "sparsemax_loss", Losses.sparsemaxLoss());

  static Stream<Recorded> cases() throws IOException {
    JsonNode file =
        new ObjectMapper().readTree(Path.of("../conformance/optax/losses.json").toFile());
    assertThat(file.get("cases")).hasSizeGreaterThanOrEqualTo(34);
    return StreamSupport.stream(file.get("cases").spliterator(), false).map(Recorded::new);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void valueAndGradientAreThoseOfTheOriginal(Recorded recorded) {
    LossValues have = recorded.computed(recorded.first(DType.FLOAT64));
    recorded.requireSame("value", have.values());
    if (recorded.source.get("gradient") != null && !recorded.source.get("gradient").isNull()) {
      recorded.requireSame("gradient", have.gradient());
    }
  }

  /** The losses are smooth at the recorded inputs, but for kinks that the draws do not meet. */
  @ParameterizedTest
  @MethodSource("cases")
  void gradientIsTheDerivative(Recorded recorded) {
    Tensor first = recorded.first(DType.FLOAT64);
    if (recorded.name().equals("smooth_labels")) {
      return;
    }
    GradientCheck check =
        GradientCheck.of(
            tree -> recorded.computed(tree.get("x")).sum(),
            Tree.of("x", first),
            Tree.of("x", recorded.computed(first).gradient()));
    assertThat(check.error()).as(check.toString()).isLessThan(1e-7);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void float32OutputsHaveFloat32Gradients(Recorded recorded) {
    LossValues wide = recorded.computed(recorded.first(DType.FLOAT64));
    LossValues have = recorded.computed(recorded.first(DType.FLOAT32));
    assertThat(have.gradient().dtype()).isEqualTo(DType.FLOAT32);
    assertThat(have.sum()).isCloseTo(wide.sum(), offset(1e-5 * Math.max(1, Math.abs(wide.sum()))));
    for (int i = 0; i < have.gradient().size(); i++) {
      assertThat(have.gradient().get(i)).isCloseTo(wide.gradient().get(i), offset(1e-5));
    }
  }

  /** A case of the file. */
  record Recorded(JsonNode source) {
    String name() {
      return source.get("function").asText();
    }

    Tensor first(DType dtype) {
      return tensor(source.get("inputs").elements().next(), dtype);
    }

    private Tensor input(String name) {
      return tensor(source.get("inputs").get(name), DType.FLOAT64);
    }

    private double arg(String name, double byDefault) {
      return source.get("args").has(name) ? source.get("args").get(name).asDouble() : byDefault;
    }

    LossValues computed(Tensor first) {
      if (OF_ELEMENTS.containsKey(name())) {
        return ofElements(OF_ELEMENTS.get(name()), first);
      }
      if (OF_ROWS.containsKey(name())) {
        LossValues rows = ofRows(OF_ROWS.get(name()), first);
        return name().startsWith("ranking") ? mean(rows) : rows;
      }
      return switch (name()) {
        case "huber_loss" -> ofElements(Losses.huberLoss(arg("delta", 1)), first);
        case "sigmoid_focal_loss" -> ofElements(focal(), first);
        case "cosine_distance" -> ofRows(new CosineDistance(arg("epsilon", 0)), first);
        case "poly_loss_cross_entropy" ->
            ofRows(Losses.polyLossCrossEntropy(arg("epsilon", 2)), first);
        case "smooth_labels" ->
            new LossValues(Losses.smoothLabels(first, arg("alpha", 0)), first, 1);
        case "triplet_margin_loss" -> triplet(first);
        case "ntxent" -> Losses.ntxent(arg("temperature", 0.07)).on(first, ints("labels"));
        case "ctc_loss" -> Losses.ctcLoss().on(first, input("logit_paddings"), sequences());
        case "dice_loss", "binary_dice_loss" ->
            Losses.diceLoss()
                .smooth(arg("smooth", 1))
                .alpha(arg("alpha", 0.5))
                .beta(arg("beta", 0.5))
                .on(first, input("targets"));
        case "multiclass_generalized_dice_loss" ->
            Losses.multiclassGeneralizedDiceLoss().on(first, input("targets"));
        default -> throw new IllegalArgumentException("no loss is called " + name());
      };
    }

    private SigmoidFocalLoss focal() {
      JsonNode alpha = source.get("args").get("alpha");
      return Losses.sigmoidFocalLoss()
          .gamma(arg("gamma", 2))
          .alpha(alpha == null ? null : alpha.asDouble());
    }

    private LossValues triplet(Tensor anchors) {
      TripletMarginLoss.TripletValues values =
          Losses.tripletMarginLoss()
              .margin(arg("margin", 1))
              .on(
                  anchors,
                  tensor(source.get("inputs").get("positives"), anchors.dtype()),
                  tensor(source.get("inputs").get("negatives"), anchors.dtype()));
      return new LossValues(values.values(), values.anchors(), anchors.shape()[0]);
    }

    private LossValues ofElements(ElementLoss loss, Tensor outputs) {
      return loss.onElements(outputs, second());
    }

    private LossValues ofRows(Loss loss, Tensor outputs) {
      Targets targets =
          second().shape().length == 1 ? Targets.labels(ints("labels")) : Targets.values(second());
      return source.get("inputs").has("where")
          ? loss.on(outputs, targets, -1, input("where"))
          : loss.on(outputs, targets);
    }

    private static LossValues mean(LossValues values) {
      return new LossValues(
          Tensor.of(new double[] {values.mean()}, new int[0]), values.meanGradient(), 1);
    }

    private Tensor second() {
      var inputs = source.get("inputs").elements();
      inputs.next();
      return tensor(inputs.next(), DType.FLOAT64);
    }

    private int[] ints(String name) {
      return Arrays.stream(input(name).toDoubles()).mapToInt(x -> (int) x).toArray();
    }

    private int[][] sequences() {
      Tensor paddings = input("label_paddings");
      int[] labels = ints("labels");
      int width = paddings.shape()[1];
      return IntStream.range(0, paddings.shape()[0])
          .mapToObj(row ->
              IntStream.range(row * width, (row + 1) * width)
                  .filter(i -> paddings.get(i) == 0)
                  .map(i -> labels[i])
                  .toArray())
          .toArray(int[][]::new);
    }

    private void requireSame(String what, Tensor have) {
      Tensor want = tensor(source.get(what), DType.FLOAT64);
      assertThat(have.shape()).isEqualTo(want.shape());
      for (int i = 0; i < want.size(); i++) {
        double size = Math.max(Math.abs(want.get(i)), 1e-3);
        assertThat(have.get(i)).as("%s[%d]", what, i).isCloseTo(want.get(i), offset(1e-9 * size));
      }
    }

    private static Tensor tensor(JsonNode leaf, DType dtype) {
      int[] shape =
          StreamSupport.stream(leaf.get("shape").spliterator(), false)
              .mapToInt(JsonNode::asInt)
              .toArray();
      double[] numbers =
          StreamSupport.stream(leaf.get("data").spliterator(), false)
              .mapToDouble(JsonNode::asDouble)
              .toArray();
      return Tensor.of(dtype, numbers, shape);
    }

    @Override
    public String toString() {
      return name() + source.get("args");
    }
  }
}
