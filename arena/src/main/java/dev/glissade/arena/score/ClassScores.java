package dev.glissade.arena.score;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Scores predicted probabilities of classes, one example after another. Keeps 4 bytes for each
 * example and class, which the areas under the curves need.
 */
public final class ClassScores {
  private static final int BINS = 10;

  /** How far a probability is from 0 at least, so that a wrong certainty has a finite loss. */
  private static final double LEAST = 1e-15;

  private final int classes;
  private final long[][] confusion;
  private final List<Scored> scored = new ArrayList<>();
  private final long[] binCounts = new long[BINS];
  private final double[] binConfidence = new double[BINS];
  private final long[] binRight = new long[BINS];
  private double loss;
  private long examples;

  /** Some examples' classes and, class by class, their probabilities. */
  private record Scored(int[] labels, float[] probabilities) {}

  /** Makes empty scores. */
  public ClassScores(int classes) {
    this.classes = classes;
    this.confusion = new long[classes][classes];
  }

  /**
   * Adds examples.
   *
   * @param labels the class of each example, kept
   * @param probabilities a probability for each class of each example, row-major, kept
   */
  public void add(int[] labels, float[] probabilities) {
    for (int i = 0; i < labels.length; i++) {
      add(labels[i], probabilities, i * classes);
    }
    scored.add(new Scored(labels, probabilities));
    examples += labels.length;
  }

  private void add(int label, float[] probabilities, int at) {
    int predicted = predicted(probabilities, at, classes);
    confusion[label][predicted]++;
    double ofLabel = probabilities[at + label];
    loss -= Math.log(Math.max(LEAST, ofLabel));
    if (Double.isNaN(ofLabel)) {
      loss = Double.NaN;
    }
    double confidence = probabilities[at + predicted];
    int bin = (int) Math.max(0, Math.min(BINS - 1, Math.floor(confidence * BINS)));
    binCounts[bin]++;
    binConfidence[bin] += confidence;
    binRight[bin] += predicted == label ? 1 : 0;
  }

  /** Returns the class of the largest number; the first of equal ones. */
  public static int predicted(float[] numbers, int at, int classes) {
    int best = 0;
    for (int j = 1; j < classes; j++) {
      best = numbers[at + j] > numbers[at + best] ? j : best;
    }
    return best;
  }

  /** Returns the number of examples. */
  public long examples() {
    return examples;
  }

  /** Returns the mean cross-entropy in nats. */
  public double loss() {
    return loss / examples;
  }

  /** Returns how often the first index is the class and the second the prediction. */
  public long[][] confusion() {
    return Arrays.stream(confusion).map(long[]::clone).toArray(long[][]::new);
  }

  /** Returns the fraction of examples that were predicted right. */
  public double accuracy() {
    return (double) IntStream.range(0, classes).mapToLong(i -> confusion[i][i]).sum() / examples;
  }

  /** Returns the accuracy of always predicting the most frequent class of these examples. */
  public double majorityShare() {
    return (double) IntStream.range(0, classes).mapToLong(this::support).max().orElse(0) / examples;
  }

  /** Returns the number of examples of a class. */
  public long support(int label) {
    return Arrays.stream(confusion[label]).sum();
  }

  private long predictions(int label) {
    return Arrays.stream(confusion).mapToLong(row -> row[label]).sum();
  }

  /** Returns the fraction of a class's predictions that are right; 0 if there are none. */
  public double precision(int label) {
    return ratio(confusion[label][label], predictions(label));
  }

  /** Returns the fraction of a class's examples that are predicted right; 0 if there are none. */
  public double recall(int label) {
    return ratio(confusion[label][label], support(label));
  }

  /** Returns the harmonic mean of precision and recall; 0 if the class never occurs. */
  public double f1(int label) {
    return ratio(2 * confusion[label][label], support(label) + predictions(label));
  }

  /** Returns the mean of F1 over the classes that have examples or predictions. */
  public double macroF1() {
    return IntStream.range(0, classes)
        .filter(i -> support(i) + predictions(i) > 0)
        .mapToDouble(this::f1)
        .average()
        .orElse(Double.NaN);
  }

  private static double ratio(long part, long whole) {
    return whole == 0 ? 0 : (double) part / whole;
  }

  /**
   * Returns the area under the ROC curve of one class against all others: the probability that an
   * example of the class gets a higher probability than another, where equal ones count half. NaN
   * if all examples are of the class or none is.
   */
  public double auc(int label) {
    float[] in = scoresOf(label, true);
    float[] out = scoresOf(label, false);
    if (in.length == 0 || out.length == 0) {
      return Double.NaN;
    }
    double pairs = 0;
    int below = 0;
    int upTo = 0;
    for (float score : in) {
      while (below < out.length && out[below] < score) {
        below++;
      }
      upTo = Math.max(upTo, below);
      while (upTo < out.length && out[upTo] <= score) {
        upTo++;
      }
      pairs += below + 0.5 * (upTo - below);
    }
    return pairs / in.length / out.length;
  }

  /** Returns the probabilities of a class, for its own examples or all others, ascending. */
  private float[] scoresOf(int label, boolean own) {
    float[] scores = new float[Math.toIntExact(own ? support(label) : examples - support(label))];
    int n = 0;
    for (Scored part : scored) {
      for (int i = 0; i < part.labels.length; i++) {
        if ((part.labels[i] == label) == own) {
          scores[n++] = part.probabilities[i * classes + label];
        }
      }
    }
    Arrays.sort(scores);
    return scores;
  }

  /**
   * Returns the area under the ROC curve: of the second class if there are two, else the mean over
   * the classes that occur, each against all others.
   */
  public double auc() {
    return classes == 2
        ? auc(1)
        : IntStream.range(0, classes)
            .mapToDouble(this::auc)
            .filter(auc -> !Double.isNaN(auc))
            .average()
            .orElse(Double.NaN);
  }

  /**
   * Predictions of about the same confidence.
   *
   * @param count the number of predictions
   * @param confidence the mean probability of the predicted class
   * @param accuracy the fraction that is right
   */
  public record Bin(long count, double confidence, double accuracy) {}

  /** Returns the predictions in ten bins of equal width, by confidence; empty bins are left out. */
  public List<Bin> calibration() {
    return IntStream.range(0, BINS)
        .filter(i -> binCounts[i] > 0)
        .mapToObj(i ->
            new Bin(
                binCounts[i], binConfidence[i] / binCounts[i], (double) binRight[i] / binCounts[i]))
        .toList();
  }

  /**
   * Returns the expected calibration error: the mean difference of confidence and accuracy over the
   * bins, weighted by their predictions (Guo et al., 2017, arXiv 1706.04599).
   */
  public double calibrationError() {
    return calibration().stream()
        .mapToDouble(bin -> Math.abs(bin.confidence - bin.accuracy) * bin.count / examples)
        .sum();
  }
}
