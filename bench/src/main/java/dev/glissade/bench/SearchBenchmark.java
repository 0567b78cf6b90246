package dev.glissade.bench;

import dev.glissade.LossFunction;
import dev.glissade.States;
import dev.glissade.Stepper;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import dev.glissade.ValueAndGradients;
import dev.glissade.optimizer.Optimizers;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * Minimizes a logistic regression by L-BFGS until no element of the gradient is larger than a
 * bound, in turn with Breeze and SciPy: the evaluations of the loss and the time of each. Breeze
 * calls the same loss.
 */
final class SearchBenchmark {
  private static final int ROWS = 100_000;
  private static final int COLUMNS = 100;
  private static final double L2 = 1e-4;
  private static final double BOUND = 1e-6;
  private static final int ROUNDS = 7;
  private static final int MOST_STEPS = 1000;

  /** The number of parts of the rows; their sums are added in order, whatever the threads do. */
  private static final int PARTS = 16;

  private final double[] features = new double[ROWS * COLUMNS];
  private final double[] labels = new double[ROWS];
  private int evaluations;

  private SearchBenchmark() {
    for (int row = 0; row < ROWS; row++) {
      double margin = 2 * number(row, COLUMNS + 7);
      for (int column = 0; column < COLUMNS; column++) {
        double feature = number(row, column) + 0.9 * number(row, column + 1);
        features[row * COLUMNS + column] = feature;
        margin += feature * Math.cos(column) / 5;
      }
      labels[row] = margin > 0 ? 1 : -1;
    }
  }

  /** Returns a number from -1 to 1 that looks random; peers.py computes the same. */
  private static double number(int row, int column) {
    double hash = Math.sin(row * 12.9898 + column * 78.233) * 43758.5453;
    return 2 * (hash - Math.floor(hash)) - 1;
  }

  /** Measures all; prints a table and returns it as plain values. */
  static List<Map<String, Object>> measure(PythonPeers python, PrintWriter out) {
    SearchBenchmark benchmark = new SearchBenchmark();
    List<Map<String, Object>> ours = new ArrayList<>();
    List<Map<String, Object>> breeze = new ArrayList<>();
    List<Map<String, Object>> scipy = new ArrayList<>();
    for (int round = -1; round < ROUNDS; round++) { // the first one warms up
      Map<String, Object> mine = benchmark.minimized();
      Map<String, Object> theirs = benchmark.minimizedByBreeze();
      Map<String, Object> other = python.minimized(ROWS, COLUMNS, L2, BOUND);
      if (round >= 0) {
        ours.add(mine);
        breeze.add(theirs);
        if (!other.isEmpty()) {
          scipy.add(other);
        }
      }
    }
    out.printf("%nlogistic regression, %,d x %d, gradient below %s%n", ROWS, COLUMNS, BOUND);
    out.println("who              evaluations         ms         loss");
    List<Map<String, Object>> rows = new ArrayList<>();
    rows.add(median("glissade", ours));
    rows.add(median("breeze", breeze));
    if (!scipy.isEmpty()) {
      rows.add(median("scipy", scipy));
    }
    for (Map<String, Object> row : rows) {
      out.printf(
          Locale.ROOT,
          "%-16s %11s %10.0f %12.9f%n",
          row.get("who"),
          row.get("evaluations"),
          number(row, "ms"),
          number(row, "loss"));
    }
    return rows;
  }

  private static Map<String, Object> median(String who, List<Map<String, Object>> runs) {
    double[] times = runs.stream().mapToDouble(run -> number(run, "nanos") / 1e6).toArray();
    Arrays.sort(times);
    Map<String, Object> row = new LinkedHashMap<>(runs.get(0));
    row.remove("nanos");
    row.put("who", who);
    row.put("ms", times[times.length / 2]);
    return row;
  }

  private static double number(Map<String, Object> row, String name) {
    return ((Number) Objects.requireNonNull(row.get(name))).doubleValue();
  }

  private Map<String, Object> minimized() {
    evaluations = 0;
    LossFunction loss = this::evaluated;
    long start = System.nanoTime();
    Stepper<?> stepper =
        Stepper.of(
            Optimizers.lbfgs().maxInitScale(Double.POSITIVE_INFINITY),
            Tree.of("w", Tensor.of(new double[COLUMNS])));
    double value = 0;
    double largest = Double.POSITIVE_INFINITY;
    while (largest > BOUND && stepper.steps() < MOST_STEPS) {
      stepper.stepAgain(loss);
      value = stepper.scalar("value");
      double[] gradient = States.tree(stepper.liveState(), "grad").get("w").toDoubles();
      largest = Arrays.stream(gradient).map(Math::abs).max().orElse(0);
    }
    return Map.of("nanos", System.nanoTime() - start, "evaluations", evaluations, "loss", value);
  }

  private Map<String, Object> minimizedByBreeze() {
    evaluations = 0;
    long start = System.nanoTime();
    double value = BreezeSearch.minimum(this::evaluated, COLUMNS, BOUND, 10);
    // The last evaluation gives the loss for the table.
    return Map.of(
        "nanos", System.nanoTime() - start, "evaluations", evaluations - 1, "loss", value);
  }

  private ValueAndGradients evaluated(Tree at, int call) {
    evaluations++;
    double[] x = at.get("w").toDoubles();
    double[][] gradients = new double[PARTS][COLUMNS];
    double[] losses = new double[PARTS];
    IntStream.range(0, PARTS)
        .parallel()
        .forEach(part -> losses[part] = part(x, part, gradients[part]));
    double value = Arrays.stream(losses).sum() / ROWS;
    double[] g = new double[COLUMNS];
    for (int column = 0; column < COLUMNS; column++) {
      for (double[] gradient : gradients) {
        g[column] += gradient[column] / ROWS;
      }
      g[column] += L2 * x[column];
      value += L2 / 2 * x[column] * x[column];
    }
    return new ValueAndGradients(value, Tree.of("w", Tensor.of(g)));
  }

  /** Adds up the loss and the gradient of some rows. */
  private double part(double[] x, int part, double[] gradient) {
    double sum = 0;
    for (int row = part * ROWS / PARTS; row < (part + 1) * ROWS / PARTS; row++) {
      int at = row * COLUMNS;
      double a = 0;
      double b = 0;
      double c = 0;
      double d = 0;
      for (int column = 0; column < COLUMNS; column += 4) {
        a += features[at + column] * x[column];
        b += features[at + column + 1] * x[column + 1];
        c += features[at + column + 2] * x[column + 2];
        d += features[at + column + 3] * x[column + 3];
      }
      double margin = labels[row] * (a + b + c + d);
      double e = Math.exp(-Math.abs(margin));
      sum += Math.max(-margin, 0) + Math.log1p(e);
      double factor = -labels[row] * (margin > 0 ? e / (1 + e) : 1 / (1 + e));
      for (int column = 0; column < COLUMNS; column++) {
        gradient[column] += factor * features[at + column];
      }
    }
    return sum;
  }
}
