package dev.glissade.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import dev.glissade.DType;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Axes, masks, weights, and inputs at the edge of losses on arrays. */
class LossShapesTest {
  private static final Random RANDOM = new Random(5);

  private static Tensor normals(int... shape) {
    int size = IntStream.of(shape).reduce(1, (a, b) -> a * b);
    return Tensor.of(DType.FLOAT64, RANDOM.doubles(size, -2, 2).toArray(), shape);
  }

  private static List<Loss> ofValues() {
    return List.of(
        Losses.squaredError(),
        Losses.cosineDistance(),
        Losses.softmaxCrossEntropy(),
        Losses.polyLossCrossEntropy(),
        Losses.klDivergence(),
        Losses.klDivergenceWithLogTargets(),
        Losses.generalizedKlDivergence());
  }

  @Test
  void anAxisInFrontIsTheTransposedArray() {
    Tensor outputs = normals(3, 4);
    Tensor targets = Losses.smoothLabels(normals(3, 4), 0.9);
    double[] positive = targets.toDoubles();
    for (int i = 0; i < 12; i++) {
      positive[i] = Math.abs(positive[i]);
    }
    targets = Tensor.of(DType.FLOAT64, positive, 3, 4);
    for (Loss loss : ofValues()) {
      LossValues columns = loss.on(outputs, Targets.values(targets, 0), 0);
      LossValues rows = loss.on(transposed(outputs), Targets.values(transposed(targets)));
      assertThat(columns.values().toDoubles()).isEqualTo(rows.values().toDoubles());
      assertThat(columns.values().shape()).containsExactly(4);
      assertThat(transposed(columns.gradient()).toDoubles()).isEqualTo(rows.gradient().toDoubles());
      assertThat(columns.examples()).isEqualTo(4);
    }
  }

  private static Tensor transposed(Tensor matrix) {
    int[] shape = matrix.shape();
    double[] numbers = new double[matrix.size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i % shape[1] * shape[0] + i / shape[1]] = matrix.get(i);
    }
    return Tensor.of(DType.FLOAT64, numbers, shape[1], shape[0]);
  }

  @Test
  void aMiddleAxisHasOneExampleForEachIndexOfTheOthers() {
    Tensor outputs = normals(2, 3, 2);
    LossValues values = Losses.multiclassHingeLoss().on(outputs, Targets.labels(0, 1, 2, 0), 1);
    assertThat(values.values().shape()).containsExactly(2, 2);
    // example 1 is outputs[0, :, 1]
    double[] scores = {outputs.get(1), outputs.get(3), outputs.get(5)};
    double[] gradient = new double[3];
    double loss = Losses.multiclassHingeLoss().example(scores, Targets.labels(1), 0, gradient);
    assertThat(values.values().get(1)).isEqualTo(loss);
    assertThat(values.gradient().get(3)).isEqualTo(gradient[1]);
  }

  @Test
  void aMaskLeavesOutOutputsAsIfTheyWereNotThere() {
    Tensor outputs = normals(3, 4);
    Tensor where = Tensor.of(new float[] {1, 0, 1, 1, 0, 0, 0, 0, 1, 1, 1, 1}, 3, 4);
    LossValues values =
        Losses.softmaxCrossEntropy().on(outputs, Targets.labels(2, 0, 3), -1, where);
    double[] included = {outputs.get(0), outputs.get(2), outputs.get(3)};
    double[] gradient = new double[3];
    double loss = Losses.softmaxCrossEntropy().example(included, Targets.labels(1), 0, gradient);
    assertThat(values.values().get(0)).isEqualTo(loss);
    assertThat(values.gradient().get(0)).isEqualTo(gradient[0]);
    assertThat(values.gradient().get(1)).isZero();
    assertThat(values.gradient().get(2)).isEqualTo(gradient[1]);
    // nothing of the second example is included, so the mean is that of two
    assertThat(values.values().get(1)).isZero();
    assertThat(values.examples()).isEqualTo(2);
    assertThat(values.mean()).isEqualTo(values.sum() / 2);
    assertThatThrownBy(
            () -> Losses.softmaxCrossEntropy().on(outputs, Targets.labels(1, 0, 3), -1, where))
        .hasMessage("classes[0] must be a class that where includes, but was 1");
    assertThatThrownBy(() ->
            Losses.softmaxCrossEntropy().on(outputs, Targets.labels(1, 0, 3), -1, normals(4, 3)))
        .hasMessage("where must have the shape of outputs, [3, 4], but had [4, 3]");
  }

  @Test
  void nanIsNotHidden() {
    double[] outputs = {Double.NaN, 0.5};
    double[] gradient = new double[2];
    for (Loss loss : ofValues()) {
      Targets targets = Targets.values(Tensor.of(new double[] {0, 1}, 1, 2));
      assertThat(loss.example(outputs, targets, 0, gradient)).as(loss.toString()).isNaN();
      assertThat(gradient[0]).as(loss.toString()).isNaN();
    }
    for (Loss loss :
        List.of(
            Losses.multiclassHingeLoss(),
            Losses.multiclassPerceptronLoss(),
            Losses.multiclassSparsemaxLoss())) {
      assertThat(loss.example(outputs, Targets.labels(1), 0, gradient)).as(loss.toString()).isNaN();
      assertThat(gradient[0]).as(loss.toString()).isNaN();
    }
    for (ElementLoss loss :
        List.<ElementLoss>of(
            Losses.logCosh(),
            Losses.sigmoidFocalLoss(),
            Losses.perceptronLoss(),
            Losses.sparsemaxLoss())) {
      assertThat(loss.value(Double.NaN, 1)).as(loss.toString()).isNaN();
      assertThat(loss.derivative(Double.NaN, 1)).as(loss.toString()).isNaN();
    }
  }

  @Test
  void outputsByThemselvesAreRowsOfOne() {
    Tensor outputs = normals(2, 3);
    Tensor targets = normals(2, 3);
    LossValues elements = Losses.logCosh().onElements(outputs, targets);
    Tensor column = Tensor.of(DType.FLOAT64, outputs.toDoubles(), 6, 1);
    LossValues rows = Losses.logCosh().on(column, Targets.values(targets.toDoubles()));
    assertThat(elements.values().toDoubles()).isEqualTo(rows.values().toDoubles());
    assertThat(elements.gradient().toDoubles()).isEqualTo(rows.gradient().toDoubles());
    assertThat(elements.values().shape()).containsExactly(2, 3);
    assertThat(elements.mean()).isEqualTo(elements.sum() / 6);
    assertThatThrownBy(() -> Losses.logCosh().onElements(outputs, normals(3, 2)))
        .hasMessage("targets must have the shape of outputs, [2, 3], but had [3, 2]");
  }

  @Test
  void weightsMultiplyValuesAndGradients() {
    Tensor outputs = normals(2, 3);
    LossValues plain = Losses.softmaxCrossEntropy().on(outputs, Targets.labels(0, 1));
    LossValues weighted =
        Losses.softmaxCrossEntropy().on(outputs, Targets.labels(0, 1).weighted(1, 0.5f));
    assertThat(weighted.values().get(1)).isEqualTo(plain.values().get(1) / 2);
    assertThat(weighted.gradient().get(5)).isEqualTo(plain.gradient().get(5) / 2);
  }

  @Test
  void smoothLabelsWithinAMask() {
    Tensor labels = Tensor.of(new float[] {1, 0, 0, 0}, 1, 4);
    assertThat(Losses.smoothLabels(labels, 0.5).toDoubles())
        .containsExactly(0.625, 0.125, 0.125, 0.125);
    Tensor where = Tensor.of(new float[] {1, 1, 0, 0}, 1, 4);
    assertThat(Losses.smoothLabels(labels, 0.5, 1, where).toDoubles())
        .containsExactly(0.75, 0.25, 0, 0);
    assertThatThrownBy(() -> Losses.smoothLabels(labels, 1.5))
        .hasMessage("alpha must be from 0 to 1, but was 1.5");
    assertThatThrownBy(() -> Losses.smoothLabels(labels, 0.5, 2))
        .hasMessage("axis must be from -2 to 1 for 2 axes, but was 2");
  }

  @Test
  void aVectorOfZerosHasNoDirection() {
    LossValues values =
        Losses.cosineDistance()
            .on(Tensor.of(new float[2], 1, 2), Targets.values(Tensor.of(new float[] {1, 2}, 1, 2)));
    assertThat(values.values().get(0)).isEqualTo(1);
    assertThat(values.gradient().toDoubles()).containsExactly(0, 0);
  }

  @Test
  void classesWithoutProbabilityMayBeImpossible() {
    double never = Double.NEGATIVE_INFINITY;
    Tensor outputs = Tensor.of(new double[] {0, never}, 1, 2);
    Targets first = Targets.values(Tensor.of(new double[] {1, 0}, 1, 2));
    for (Loss loss :
        List.of(
            Losses.softmaxCrossEntropy(),
            Losses.polyLossCrossEntropy(),
            Losses.klDivergence(),
            Losses.generalizedKlDivergence())) {
      LossValues values = loss.on(outputs, first);
      assertThat(values.values().get(0)).as(loss.toString()).isZero();
      assertThat(values.gradient().get(1)).as(loss.toString()).isZero();
    }
    assertThat(Losses.multiclassSparsemaxLoss().on(outputs, Targets.labels(0)).sum()).isZero();
    assertThat(Losses.multiclassHingeLoss().on(outputs, Targets.labels(0)).sum()).isZero();
    Targets logs = Targets.values(Tensor.of(new double[] {0, never}, 1, 2));
    assertThat(Losses.klDivergenceWithLogTargets().on(outputs, logs).sum()).isZero();
  }

  @Test
  void hugeScoresKeepTheirDistribution() {
    LossValues values =
        Losses.multiclassSparsemaxLoss()
            .on(Tensor.of(new double[] {1e20, 1e20, 0}, 1, 3), Targets.labels(0));
    assertThat(values.gradient().toDoubles()).containsExactly(-0.5, 0.5, 0);
    SigmoidFocalLoss focal = Losses.sigmoidFocalLoss().gamma(0.5);
    for (double logit : new double[] {-1e4, -800, 0, 800, 1e4}) {
      for (double target : new double[] {0, 0.5, 1}) {
        assertThat(focal.value(logit, target)).isFinite().isNotNegative();
        assertThat(focal.derivative(logit, target)).isFinite();
      }
    }
    assertThat(Losses.logCosh().value(1e300, -1e300)).isEqualTo(2e300);
    assertThat(Losses.logCosh().value(0, 0)).isZero();
  }

  @Test
  void equalScoresShareTheGradient() {
    Tensor zeros = Tensor.of(new double[3], 1, 3);
    assertThat(Losses.multiclassHingeLoss().on(zeros, Targets.labels(0)).gradient().toDoubles())
        .containsExactly(-1, 0.5, 0.5);
    assertThat(Losses.perceptronLoss().derivative(0, 1)).isEqualTo(-0.5);
  }

  @Test
  void fenchelYoungLossOfLogSumExpIsTheCrossEntropy() {
    FenchelYoungLoss loss =
        Losses.fenchelYoungLoss((scores, gradient) -> {
          double[] p = Softmax.of(scores);
          if (gradient != null) {
            System.arraycopy(p, 0, gradient, 0, p.length);
          }
          return scores[0] - Math.log(p[0]);
        });
    Tensor scores = normals(4, 3);
    LossValues have = loss.on(scores, Targets.labels(0, 1, 2, 1));
    LossValues want = Losses.softmaxCrossEntropy().on(scores, Targets.labels(0, 1, 2, 1));
    assertThat(have.sum()).isCloseTo(want.sum(), offset(1e-12));
    for (int i = 0; i < 12; i++) {
      assertThat(have.gradient().get(i)).isCloseTo(want.gradient().get(i), offset(1e-12));
    }
  }

  @Test
  void tripletHasGradientsByAllThree() {
    Tree inputs = Tree.of(Map.of("a", normals(3, 4), "p", normals(3, 4), "n", normals(3, 4)));
    for (double degree : new double[] {1, 2, 3}) {
      TripletMarginLoss loss = Losses.tripletMarginLoss().normDegree(degree).margin(3);
      TripletMarginLoss.TripletValues values = on(loss, inputs);
      Tree gradients =
          Tree.of(Map.of("a", values.anchors(), "p", values.positives(), "n", values.negatives()));
      GradientCheck check = GradientCheck.of(t -> sum(on(loss, t).values()), inputs, gradients);
      assertThat(check.error()).as(check.toString()).isLessThan(1e-7);
    }
    Tensor equal = inputs.get("a");
    TripletMarginLoss.TripletValues same = Losses.tripletMarginLoss().on(equal, equal, equal);
    assertThat(same.values().get(0)).isEqualTo(1);
    assertThat(same.anchors().toDoubles()).containsOnly(0);
    assertThatThrownBy(() -> Losses.tripletMarginLoss().on(equal, normals(4, 3), equal))
        .hasMessage(
            "positives must have the shape and type of the anchors, [3, 4] float64, but had [4, 3]"
                + " float64");
    assertThatThrownBy(() -> Losses.tripletMarginLoss().normDegree(0.5))
        .hasMessage("normDegree must be finite and at least 1, but was 0.5");
  }

  private static TripletMarginLoss.TripletValues on(TripletMarginLoss loss, Tree t) {
    return loss.on(t.get("a"), t.get("p"), t.get("n"));
  }

  private static double sum(Tensor tensor) {
    return Arrays.stream(tensor.toDoubles()).sum();
  }

  @Test
  void ntxentWithoutPairsOrWithoutOthersIsZero() {
    Tensor embeddings = normals(3, 2);
    for (int[] labels : new int[][] {{0, 1, 2}, {1, 1, 1}}) {
      LossValues values = Losses.ntxent().on(embeddings, labels);
      assertThat(values.sum()).isZero();
      assertThat(values.gradient().toDoubles()).containsOnly(0);
    }
    assertThat(Losses.ntxent(1e-4).on(embeddings, 0, 0, 1).sum()).isFinite();
    assertThatThrownBy(() -> Losses.ntxent().on(embeddings, 0, 1))
        .hasMessage("labels must be one for each of 3 rows of embeddings, but were 2");
  }

  @Test
  void targetsOfTheWrongKindAreRefused() {
    Tensor outputs = normals(2, 3);
    assertThatThrownBy(() -> Losses.multiclassHingeLoss().on(outputs, Targets.values(outputs)))
        .hasMessage("targets must be classes under this loss, but were numbers");
    assertThatThrownBy(() -> Losses.klDivergence().on(outputs, Targets.labels(0, 1)))
        .hasMessage("targets must be numbers for each output under this loss, but were classes");
    assertThatThrownBy(() -> Losses.klDivergence().on(outputs, Targets.values(normals(1, 3))))
        .hasMessage("targets must be one for each of 2 examples of outputs, but were 1");
    assertThatThrownBy(() -> Losses.sigmoidFocalLoss().alpha(2.0))
        .hasMessage("alpha must be from 0 to 1, but was 2.0");
  }
}
