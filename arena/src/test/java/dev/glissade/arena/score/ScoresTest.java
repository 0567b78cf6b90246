package dev.glissade.arena.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.tribuo.Example;
import org.tribuo.Prediction;
import org.tribuo.classification.Label;
import org.tribuo.classification.LabelFactory;
import org.tribuo.classification.evaluation.ConfusionMetrics;
import org.tribuo.classification.evaluation.LabelConfusionMatrix;
import org.tribuo.classification.evaluation.LabelMetrics;
import org.tribuo.evaluation.metrics.EvaluationMetric;
import org.tribuo.evaluation.metrics.MetricTarget;
import org.tribuo.impl.ArrayExample;

/** Against Tribuo's metrics, and against sums by hand. */
class ScoresTest {
  private static final int N = 500;

  private final Random random = new Random(3);

  /** Few different probabilities, so that there are ties; and a class that never occurs. */
  private float[] probabilities(int k) {
    float[] probabilities = new float[N * k];
    for (int i = 0; i < probabilities.length; i++) {
      probabilities[i] = random.nextInt(20) / 20f;
    }
    return probabilities;
  }

  private static List<Prediction<Label>> predictions(int[] labels, float[] probabilities, int k) {
    List<Prediction<Label>> predictions = new ArrayList<>();
    for (int i = 0; i < N; i++) {
      Map<String, Label> scores = new LinkedHashMap<>();
      for (int j = 0; j < k; j++) {
        scores.put("" + j, new Label("" + j, probabilities[i * k + j]));
      }
      Label best = scores.get("" + ClassScores.predicted(probabilities, i * k, k));
      Example<Label> example =
          new ArrayExample<>(new Label("" + labels[i]), new String[] {"x"}, new double[] {1});
      predictions.add(new Prediction<>(best, scores, 1, example, true));
    }
    return predictions;
  }

  private static LabelConfusionMatrix confusion(int k, List<Prediction<Label>> predictions) {
    var domain = new LabelFactory().generateInfo();
    for (int j = 0; j < k; j++) {
      domain.observe(new Label("" + j));
    }
    return new LabelConfusionMatrix(domain.generateImmutableOutputInfo(), predictions);
  }

  @Test
  void scoresOfClassesAreTribuos() {
    for (int k = 2; k <= 5; k++) {
      int[] labels = random.ints(N, 0, Math.max(2, k - 1)).toArray();
      float[] probabilities = probabilities(k);
      ClassScores scores = new ClassScores(k);
      scores.add(labels, probabilities);
      List<Prediction<Label>> predictions = predictions(labels, probabilities, k);
      LabelConfusionMatrix matrix = confusion(k, predictions);
      for (int j = 0; j < k; j++) {
        Label label = new Label("" + j);
        MetricTarget<Label> target = new MetricTarget<>(label);
        assertThat(scores.support(j)).isEqualTo((long) matrix.support(label));
        assertThat(scores.precision(j))
            .isCloseTo(zeroIfNan(ConfusionMetrics.precision(target, matrix)), within(1e-12));
        assertThat(scores.recall(j))
            .isCloseTo(zeroIfNan(ConfusionMetrics.recall(target, matrix)), within(1e-12));
        assertThat(scores.f1(j))
            .isCloseTo(zeroIfNan(ConfusionMetrics.f1(target, matrix)), within(1e-12));
        for (int p = 0; p < k; p++) {
          assertThat((double) scores.confusion()[j][p])
              .isEqualTo(matrix.confusion(new Label("" + p), label));
        }
        if (scores.support(j) > 0) {
          assertThat(scores.auc(j))
              .isCloseTo(LabelMetrics.AUCROC(label, predictions), within(1e-9));
        } else {
          assertThat(scores.auc(j)).isNaN();
        }
      }
      assertThat(scores.accuracy())
          .isCloseTo(
              ConfusionMetrics.accuracy(
                  new MetricTarget<Label>(EvaluationMetric.Average.MICRO), matrix),
              within(1e-12));
    }
  }

  private static double zeroIfNan(double x) {
    return Double.isNaN(x) ? 0 : x;
  }

  @Test
  void lossAndCalibrationAreThoseOfTheFormulas() {
    ClassScores scores = new ClassScores(2);
    scores.add(new int[] {0, 1}, new float[] {0.75f, 0.25f, 0.25f, 0.75f});
    scores.add(new int[] {1, 1}, new float[] {0.75f, 0.25f, 0.03125f, 0.96875f});
    assertThat(scores.examples()).isEqualTo(4);
    double loss = -(2 * Math.log(0.75) + Math.log(0.25) + Math.log(0.96875)) / 4;
    assertThat(scores.loss()).isCloseTo(loss, within(1e-12));
    assertThat(scores.accuracy()).isEqualTo(0.75);
    assertThat(scores.majorityShare()).isEqualTo(0.75);
    assertThat(scores.calibration())
        .containsExactly(new ClassScores.Bin(3, 0.75, 2 / 3.0), new ClassScores.Bin(1, 0.96875, 1));
    // 3/4 |0.75 - 2/3| + 1/4 |0.96875 - 1|.
    assertThat(scores.calibrationError()).isCloseTo(0.0625 + 0.0078125, within(1e-12));
    assertThat(scores.macroF1()).isCloseTo((2 / 3.0 + 0.8) / 2, within(1e-12));
    // Of the pairs of class 1 and class 0, (0.75, 0.25), (0.25, 0.25), (0.96875, 0.25).
    assertThat(scores.auc()).isCloseTo(2.5 / 3, within(1e-12));
  }

  @Test
  void theMeanOfF1LeavesOutClassesThatNeverOccur() {
    ClassScores scores = new ClassScores(4);
    // Class 2 is never there, but predicted once; class 3 is neither.
    scores.add(new int[] {0, 1, 1}, new float[] {0.7f, 0.1f, 0.1f, 0.1f, 0, 1, 0, 0, 0, 0, 1, 0});
    assertThat(scores.f1(3)).isZero();
    assertThat(scores.macroF1()).isCloseTo((1 + 2 / 3.0 + 0) / 3, within(1e-12));
  }

  @Test
  void aWrongCertaintyHasAFiniteLossAndNanHasNone() {
    ClassScores wrong = new ClassScores(2);
    wrong.add(new int[] {0}, new float[] {0, 1});
    assertThat(wrong.loss()).isCloseTo(-Math.log(1e-15), within(1e-9));
    ClassScores broken = new ClassScores(2);
    broken.add(new int[] {0}, new float[] {Float.NaN, Float.NaN});
    assertThat(broken.loss()).isNaN();
  }

  @Test
  void scoresOfNumbersAreThoseOfTheFormulas() {
    double[] actual = random.doubles(N, 1e6, 1e6 + 5).toArray();
    NumberScores scores = new NumberScores();
    double[] predicted = new double[N];
    for (int i = 0; i < N; i++) {
      predicted[i] = actual[i] + random.nextGaussian();
      scores.add(actual[i], predicted[i]);
    }
    double mean = 0;
    for (double x : actual) {
      mean += x / N;
    }
    double total = 0;
    double squared = 0;
    double absolute = 0;
    for (int i = 0; i < N; i++) {
      total += Math.pow(actual[i] - mean, 2);
      squared += Math.pow(actual[i] - predicted[i], 2);
      absolute += Math.abs(actual[i] - predicted[i]);
    }
    assertThat(scores.r2()).isCloseTo(1 - squared / total, within(1e-9));
    assertThat(scores.rmse()).isCloseTo(Math.sqrt(squared / N), within(1e-9));
    assertThat(scores.mae()).isCloseTo(absolute / N, within(1e-9));
    assertThat(scores.deviation()).isCloseTo(Math.sqrt(total / N), within(1e-9));
    assertThat(scores.mean()).isCloseTo(mean, within(1e-6));
  }

  @Test
  void equalNumbersHaveNoR2() {
    NumberScores scores = new NumberScores();
    scores.add(2, 2);
    scores.add(2, 1);
    assertThat(scores.r2()).isNaN();
    assertThat(scores.mae()).isEqualTo(0.5);
  }

  private static String table(int width, String... names) {
    ClassScores scores = new ClassScores(names.length);
    float[] certain = new float[names.length];
    certain[0] = 1;
    for (int j = 0; j < names.length; j++) {
      scores.add(new int[] {j}, certain);
    }
    return ScoreText.table(scores, List.of(names), width);
  }

  private static final String LONG = "Glimmerophyllum ornatissimum var. ";

  @Test
  void shortNamesAreTheHeadsOfTheConfusionMatrix() {
    assertThat(table(80, "setosa", "virginica"))
        .contains(
            """
            class              examples  precision     recall         F1
            setosa                    1     0.5000     1.0000     0.6667
            virginica                 1     0.0000     0.0000     0.0000

            rows: the class; columns: the prediction
                         setosa virginica
            setosa            1         0
            virginica         1         0
            """);
  }

  /** Names that only differ after their 16th character stay different. */
  @Test
  void longNamesAreWholeAndTheirNumbersAreTheHeads() {
    assertThat(table(80, LONG + "alba", LONG + "nigra"))
        .contains(
            "\n1 " + LONG + "alba\n" + " ".repeat(46) + "1     0.5000     1.0000     0.6667\n")
        .contains("the prediction\n" + " ".repeat(41) + " 1 2\n")
        .contains("\n1 " + LONG + "alba  1 0\n2 " + LONG + "nigra 1 0\n");
  }

  @Test
  void linesFitTheWidthWhereTheyCan() {
    String[] many = IntStream.range(0, 15).mapToObj(i -> LONG + i).toArray(String[]::new);
    String table = table(60, many);
    assertThat(table).contains("15 " + LONG + "14\n", "\n15  1  0", "\n 1 ");
    assertThat(table.lines()).allMatch(line -> line.length() <= 62);
    assertThat(table(40, many)).contains("the confusion matrix is wider than 40 columns: --json");
    assertThat(table(100, many)).contains("\n15 " + LONG + "14  1  0");
  }
}
