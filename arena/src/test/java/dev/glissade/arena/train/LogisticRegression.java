package dev.glissade.arena.train;

import dev.glissade.DType;
import dev.glissade.LossFunction;
import dev.glissade.Stepper;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import dev.glissade.ValueAndGradients;
import dev.glissade.matrix.MatrixProduct;
import dev.glissade.models.Batch;
import dev.glissade.models.Losses;
import dev.glissade.models.Mlp;
import dev.glissade.models.Objective;
import dev.glissade.models.Targets;
import dev.glissade.optimizer.Optimizers;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.zip.GZIPInputStream;

/** Logistic regression of the breast cancer data by L-BFGS; loaded again by other class loaders. */
public final class LogisticRegression {
  /** The loss at the optimum: scikit-learn and SciPy agree on .0598279. */
  static final double OPTIMUM = 0.0598279;

  private static final int COLUMNS = 30;

  private LogisticRegression() {}

  /**
   * Fits and returns the library that multiplies, the loss in the end, and how often it was
   * evaluated until it came within the rounding of .05983.
   *
   * @param type the type of all arithmetic
   */
  public static String fit(String type) throws IOException {
    DType dtype = DType.valueOf(type);
    Batch all = batch(dtype);
    Mlp model = Mlp.linear(COLUMNS, 1).dtype(dtype);
    LossFunction loss =
        Objective.of(model, Losses.sigmoidBinaryCrossEntropy()).l2(0.0005).lossFunction(all);
    int[] calls = {0, 0};
    LossFunction counted =
        (at, i) -> {
          ValueAndGradients both = loss.valueAndGradients(at, i);
          calls[0]++;
          if (calls[1] == 0 && both.value() < OPTIMUM + 5e-6) {
            calls[1] = calls[0];
          }
          return both;
        };
    Tree zeros = model.initialParams(0).zeros().evaluate();
    Stepper<?> stepper = Stepper.of(Optimizers.lbfgs(), zeros);
    double last = Double.NaN;
    for (int step = 0; step < 100 && calls[0] < 200; step++) {
      last = stepper.stepAgain(counted);
    }
    return MatrixProduct.best().library() + " " + last + " " + calls[1];
  }

  private static Batch batch(DType dtype) throws IOException {
    List<String> lines = lines();
    double[][] inputs = new double[lines.size()][COLUMNS];
    int[] labels = new int[lines.size()];
    for (int i = 0; i < lines.size(); i++) {
      String[] cells = lines.get(i).split(",", -1);
      for (int j = 0; j < COLUMNS; j++) {
        inputs[i][j] = Double.parseDouble(cells[j]);
      }
      labels[i] = cells[COLUMNS].equals("benign") ? 1 : 0;
    }
    standardize(inputs);
    return new Batch(Tensor.of(inputs).to(dtype), Targets.labels(labels));
  }

  /** Gives each column the mean 0 and the variance 1. */
  private static void standardize(double[][] rows) {
    for (int j = 0; j < COLUMNS; j++) {
      double sum = 0;
      double squares = 0;
      for (double[] row : rows) {
        sum += row[j] / rows.length;
      }
      for (double[] row : rows) {
        squares += (row[j] - sum) * (row[j] - sum) / rows.length;
      }
      for (double[] row : rows) {
        row[j] = (row[j] - sum) / Math.sqrt(squares);
      }
    }
  }

  private static List<String> lines() throws IOException {
    String name = "/dev/glissade/arena/breast_cancer.csv.gz";
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(
                    Objects.requireNonNull(LogisticRegression.class.getResourceAsStream(name))),
                StandardCharsets.UTF_8))) {
      return reader.lines().skip(1).toList();
    }
  }
}
