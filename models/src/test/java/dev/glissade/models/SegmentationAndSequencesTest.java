package dev.glissade.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import dev.glissade.DType;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** CTC against all alignments, written out, and the options of the Dice losses. */
class SegmentationAndSequencesTest {
  private final Random random = new Random(7);

  private Tensor numbers(double from, double to, int... shape) {
    int size = Arrays.stream(shape).reduce(1, (a, b) -> a * b);
    return Tensor.of(DType.FLOAT64, random.doubles(size, from, to).toArray(), shape);
  }

  @Test
  void ctcSumsOverAllAlignments() {
    Tensor logits = numbers(-2, 2, 1, 5, 3);
    for (int[] labels : new int[][] {{}, {1}, {1, 1}, {2, 1}, {1, 2, 1}, {1, 1, 1}, {2, 1, 2, 1}}) {
      for (int blank : new int[] {0}) {
        CtcLoss loss = new CtcLoss(blank);
        LossValues values = loss.on(logits, labels);
        assertThat(values.values().get(0))
            .isCloseTo(-Math.log(probability(logits, labels, blank)), offset(1e-10));
        GradientCheck check =
            GradientCheck.of(
                t -> loss.on(t.get("x"), labels).sum(),
                Tree.of("x", logits),
                Tree.of("x", values.gradient()));
        assertThat(check.error()).as(Arrays.toString(labels)).isLessThan(1e-7);
      }
    }
  }

  /** Adds up the probabilities of all ways to give each frame a class that spell the labels. */
  private static double probability(Tensor logits, int[] labels, int blank) {
    int frames = logits.shape()[1];
    int classes = logits.shape()[2];
    double sum = 0;
    for (int path = 0; path < Math.pow(classes, frames); path++) {
      double p = 1;
      List<Integer> spelled = new ArrayList<>();
      int before = -1;
      int rest = path;
      for (int t = 0; t < frames; t++) {
        int c = rest % classes;
        rest /= classes;
        double[] frame = Arrays.copyOfRange(logits.toDoubles(), t * classes, (t + 1) * classes);
        p *= Softmax.of(frame)[c];
        if (c != before && c != blank) {
          spelled.add(c);
        }
        before = c;
      }
      sum += spelled.equals(Arrays.stream(labels).boxed().toList()) ? p : 0;
    }
    return sum;
  }

  @Test
  void ctcOfTooFewFramesIsInfinite() {
    Tensor logits = numbers(-2, 2, 2, 2, 3);
    LossValues values = Losses.ctcLoss().on(logits, new int[] {1, 1}, new int[] {1, 2});
    assertThat(values.values().get(0)).isEqualTo(Double.POSITIVE_INFINITY);
    assertThat(values.values().get(1)).isFinite();
    assertThat(Arrays.copyOf(values.gradient().toDoubles(), 6)).containsOnly(0);
  }

  @Test
  void ctcLeavesOutPaddedFrames() {
    Tensor logits = numbers(-2, 2, 1, 4, 3);
    double[] kept = logits.toDoubles();
    System.arraycopy(kept, 6, kept, 3, 6);
    Tensor without = Tensor.of(DType.FLOAT64, Arrays.copyOf(kept, 9), 1, 3, 3);
    Tensor paddings = Tensor.of(new float[] {0, 1, 0, 0}, 1, 4);
    int[] labels = {1, 2};
    LossValues values = Losses.ctcLoss().on(logits, paddings, labels);
    LossValues shorter = Losses.ctcLoss().on(without, labels);
    assertThat(values.sum()).isEqualTo(shorter.sum());
    assertThat(Arrays.copyOfRange(values.gradient().toDoubles(), 3, 6)).containsOnly(0);
    assertThat(values.gradient().get(11)).isEqualTo(shorter.gradient().get(8));
    Tensor forward = Losses.ctcLoss().forwardProbs(logits, paddings, labels).get(0);
    assertThat(forward.shape()).containsExactly(3, 5);
    double ended = Math.exp(forward.get(13)) + Math.exp(forward.get(14));
    assertThat(-Math.log(ended)).isCloseTo(values.sum(), offset(1e-12));
  }

  @Test
  void ctcOfManyFramesDoesNotUnderflow() {
    LossValues values = Losses.ctcLoss().on(numbers(-30, 30, 1, 3000, 4), new int[] {1, 2, 3, 3});
    assertThat(values.sum()).isFinite().isGreaterThan(1000);
    assertThat(Arrays.stream(values.gradient().toDoubles()).allMatch(Double::isFinite)).isTrue();
  }

  @Test
  void ctcRefusesWrongArguments() {
    Tensor logits = numbers(-1, 1, 1, 4, 3);
    assertThatThrownBy(() -> Losses.ctcLoss().on(logits, new int[] {1, 0}))
        .hasMessage("labels[0] must be classes from 0 to 2 without the blank, 0, but was 0");
    assertThatThrownBy(() -> Losses.ctcLoss().on(logits))
        .hasMessage("labels must be one list for each of 1 sequences, but were 0");
    assertThatThrownBy(() -> new CtcLoss(3).on(logits, new int[] {1}))
        .hasMessage("blankId must be one of 3 classes, but was 3");
    assertThatThrownBy(() -> Losses.ctcLoss().on(numbers(0, 1, 2, 2), new int[] {1}))
        .hasMessage("logits must have three axes, [sequences, frames, classes], but had 2");
    assertThatThrownBy(() -> Losses.ctcLoss().on(logits, numbers(0, 1, 4, 1), new int[] {1}))
        .hasMessage(
            "paddings must have a number for each of 4 frames of 1 sequences, but had the shape"
                + " [4, 1]");
  }

  @Test
  void diceOfEachClassAddsUp() {
    Tensor logits = numbers(-2, 2, 2, 3, 4);
    Tensor targets = numbers(0, 1, 2, 3, 4);
    DiceLoss loss = Losses.diceLoss().classWeights(List.of(0.5, 1.0, 2.0, 0.0));
    LossValues apart = loss.reduction(DiceLoss.Reduction.NONE).on(logits, targets);
    assertThat(apart.values().shape()).containsExactly(2, 4);
    LossValues sum = loss.reduction(DiceLoss.Reduction.SUM).on(logits, targets);
    assertThat(sum.sum()).isCloseTo(apart.sum(), offset(1e-12));
    assertThat(loss.on(logits, targets).sum()).isCloseTo(apart.sum() / 4, offset(1e-12));
    LossValues rest = loss.ignoreBackground(true).on(logits, targets);
    double first = apart.values().get(0) + apart.values().get(4);
    assertThat(rest.sum()).isCloseTo((apart.sum() - first) / 3, offset(1e-12));
    // of the third class of the first example, written out
    double both = 0;
    double all = 0;
    for (int i = 0; i < 3; i++) {
      double[] pixel = Arrays.copyOfRange(logits.toDoubles(), 4 * i, 4 * i + 4);
      both += Softmax.of(pixel)[2] * targets.get(4 * i + 2);
      all += Softmax.of(pixel)[2] + targets.get(4 * i + 2);
    }
    assertThat(apart.values().get(2))
        .isCloseTo(2 * (1 - (both + 1) / (all / 2 + 1)), offset(1e-12));
  }

  @Test
  void diceGradientsAreDerivatives() {
    Tensor targets = numbers(0, 1, 2, 3, 3);
    DiceLoss loss = Losses.diceLoss().alpha(0.3).beta(0.8).ignoreBackground(true);
    GeneralizedDiceLoss generalized =
        Losses.multiclassGeneralizedDiceLoss().ignoreBackground(true).smooth(0.1);
    Tensor logits = numbers(-2, 2, 2, 3, 3);
    GradientCheck check =
        GradientCheck.of(
            t -> loss.on(t.get("x"), targets).sum(),
            Tree.of("x", logits),
            Tree.of("x", loss.on(logits, targets).gradient()));
    assertThat(check.error()).as(check.toString()).isLessThan(1e-7);
    GradientCheck other =
        GradientCheck.of(
            t -> generalized.on(t.get("x"), targets).sum(),
            Tree.of("x", logits),
            Tree.of("x", generalized.on(logits, targets).gradient()));
    assertThat(other.error()).as(other.toString()).isLessThan(1e-7);
  }

  @Test
  void diceOfProbabilities() {
    DiceLoss loss = Losses.diceLoss().applySoftmax(false).smooth(0);
    Tensor sure = Tensor.of(new double[] {1, 0, 1, 0}, 1, 2, 2);
    LossValues none = loss.on(sure, sure);
    // the second class is neither predicted nor wanted
    assertThat(none.values().get(0)).isZero();
    assertThat(none.gradient().toDoubles()).doesNotContain(Double.NaN);
    assertThatThrownBy(() -> loss.on(numbers(2, 3, 1, 2, 2), sure))
        .hasMessageStartingWith(
            "probabilities of a pixel must add up to 1, or be from 0 to 1 if there is one class,"
                + " but added up to ");
    assertThatThrownBy(() -> loss.on(sure, numbers(0, 1, 1, 4)))
        .hasMessage(
            "predictions and targets must have one shape, [examples, pixels..., classes], but had"
                + " [1, 2, 2] and [1, 4]");
    assertThatThrownBy(() -> loss.classWeights(List.of(1.0)).on(sure, sure))
        .hasMessage("classWeights must be one for each of 2 classes, but were 1");
    assertThatThrownBy(() -> Losses.diceLoss().smooth(-1))
        .hasMessage("smooth must not be negative, but was -1.0");
  }
}
