package dev.glissade.models;

import dev.glissade.DType;
import dev.glissade.Tensor;
import dev.glissade.records.Check;

/**
 * The contrastive loss NT-Xent, normalized temperature-scaled cross-entropy (Chen et al., "A Simple
 * Framework for Contrastive Learning of Visual Representations", 2020). With s_ij the {@linkplain
 * CosineSimilarity cosine similarity} of embeddings i and j over the temperature, it is the mean
 * over all pairs i, j of one label of
 *
 * <pre>{@code
 * -log(exp(s_ij) / (exp(s_ij) + sum of exp(s_ik) over k of other labels))
 * }</pre>
 *
 * <p>Each pair counts in both directions. The loss of a batch without pairs is 0.
 *
 * @param temperature positive; small ones stress the nearest of the others
 */
public record NtXentLoss(double temperature) {
  /**
   * Checks the temperature.
   *
   * @throws IllegalArgumentException if it is not positive and finite
   */
  public NtXentLoss {
    Check.positive("temperature", temperature);
  }

  /**
   * Computes the loss of a batch and its gradient.
   *
   * @param embeddings float32 or float64 numbers of shape [batch, features]
   * @param labels the group of each row; rows of one label are alike
   * @return a single value, and the gradient by the embeddings
   * @throws IllegalArgumentException if embeddings have another type or number of axes, or there is
   *     not a label for each row
   */
  public LossValues on(Tensor embeddings, int... labels) {
    Matrices.checkMatrix("embeddings", embeddings);
    int n = embeddings.shape()[0];
    if (labels.length != n) {
      throw new IllegalArgumentException(
          "labels must be one for each of %d rows of embeddings, but were %d"
              .formatted(n, labels.length));
    }
    Pairs pairs = new Pairs(rows(embeddings), labels, similarity(embeddings.dtype()), temperature);
    double loss = pairs.loss();
    return new LossValues(
        Tensor.of(DType.FLOAT64, new double[] {loss}, new int[0]),
        Tensor.of(embeddings.dtype(), pairs.gradient(), embeddings.shape()),
        1);
  }

  /** Squared norms are at least the rounding error of the type. */
  private static CosineSimilarity similarity(DType type) {
    return new CosineSimilarity(type == DType.FLOAT32 ? Math.ulp(1f) : Math.ulp(1.0));
  }

  private static double[][] rows(Tensor matrix) {
    double[][] rows = new double[matrix.shape()[0]][matrix.shape()[1]];
    for (int i = 0; i < rows.length; i++) {
      for (int j = 0; j < rows[i].length; j++) {
        rows[i][j] = matrix.get(i * rows[i].length + j);
      }
    }
    return rows;
  }

  /** The similarities of all rows to all others, and the derivatives of the loss by them. */
  private static final class Pairs {
    private static final SigmoidCrossEntropy LOGISTIC = new SigmoidCrossEntropy();

    private final double[][] rows;
    private final int[] labels;
    private final CosineSimilarity similarity;
    private final double temperature;
    private final double[][] slopes;

    Pairs(double[][] rows, int[] labels, CosineSimilarity similarity, double temperature) {
      this.rows = rows;
      this.labels = labels;
      this.similarity = similarity;
      this.temperature = temperature;
      this.slopes = new double[rows.length][rows.length];
    }

    double loss() {
      double sum = 0;
      int pairs = 0;
      for (int i = 0; i < rows.length; i++) {
        for (int label : labels) {
          pairs += label == labels[i] ? 1 : 0;
        }
        pairs--;
        sum += loss(i);
      }
      for (double[] row : slopes) {
        for (int j = 0; j < row.length; j++) {
          row[j] /= Math.max(pairs, 1);
        }
      }
      return pairs == 0 ? 0 : sum / pairs;
    }

    /** Returns the loss of row i's pairs and writes its derivatives by the similarities. */
    private double loss(int i) {
      double[] s = similarities(i);
      double others = logSumOfOthers(i, s);
      double loss = 0;
      double missed = 0;
      for (int j = 0; j < s.length; j++) {
        if (isPair(i, j) && others != Double.NEGATIVE_INFINITY) {
          // -log(exp(s_j) / (exp(s_j) + exp(others))) = log(1 + exp(others - s_j))
          loss += LOGISTIC.value(others - s[j], 0);
          slopes[i][j] = -LOGISTIC.derivative(others - s[j], 0);
          missed -= slopes[i][j];
        }
      }
      for (int k = 0; k < s.length; k++) {
        if (labels[k] != labels[i]) {
          slopes[i][k] = missed * Math.exp(s[k] - others);
        }
      }
      return loss;
    }

    /** Returns log sum exp(s_k) over the rows of other labels. */
    private double logSumOfOthers(int i, double[] s) {
      double max = Double.NEGATIVE_INFINITY;
      for (int k = 0; k < s.length; k++) {
        max = labels[k] == labels[i] ? max : Math.max(max, s[k]);
      }
      double sum = 0;
      for (int k = 0; k < s.length; k++) {
        sum += labels[k] == labels[i] ? 0 : Math.exp(s[k] - max);
      }
      return sum == 0 ? max : max + Math.log(sum);
    }

    private boolean isPair(int i, int j) {
      return i != j && labels[i] == labels[j];
    }

    private double[] similarities(int i) {
      double[] s = new double[rows.length];
      for (int j = 0; j < s.length; j++) {
        s[j] = similarity.of(rows[i], rows[j], null) / temperature;
      }
      return s;
    }

    double[] gradient() {
      int width = rows.length == 0 ? 0 : rows[0].length;
      double[] gradient = new double[rows.length * width];
      double[] slope = new double[width];
      for (int i = 0; i < rows.length; i++) {
        for (int j = 0; j < rows.length; j++) {
          double factor = (slopes[i][j] + slopes[j][i]) / temperature;
          if (i != j && factor != 0) {
            similarity.of(rows[i], rows[j], slope);
            for (int k = 0; k < width; k++) {
              gradient[i * width + k] += factor * slope[k];
            }
          }
        }
      }
      return gradient;
    }
  }
}
