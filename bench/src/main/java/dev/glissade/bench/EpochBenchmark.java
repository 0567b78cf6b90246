package dev.glissade.bench;

import static java.util.Objects.requireNonNull;

import dev.glissade.Stepper;
import dev.glissade.Tensor;
import dev.glissade.matrix.MatrixProduct;
import dev.glissade.models.Batch;
import dev.glissade.models.Losses;
import dev.glissade.models.Minibatches;
import dev.glissade.models.Mlp;
import dev.glissade.models.Objective;
import dev.glissade.models.Targets;
import dev.glissade.optimizer.Optimizers;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/**
 * Times whole epochs of training: a perceptron on images of 28 x 28 pixels in 10 classes, with
 * AdamW and batches of 32; ours against torch's for Python with its fused AdamW, in turn.
 */
final class EpochBenchmark {
  static final int FEATURES = 784;
  static final int CLASSES = 10;
  static final int EXAMPLES = 20_000;
  static final int BATCH = 32;
  private static final List<Integer> HIDDEN = List.of(64, 512, 2048);
  private static final int ROUNDS = 5;
  private static final String RATIO = "ours / torch";

  private EpochBenchmark() {}

  /** Measures each model; prints milliseconds an epoch and returns them as plain values. */
  static List<Map<String, Object>> measure(PythonPeers python, PrintWriter out) {
    out.printf(
        "%nms for an epoch of %,d examples in batches of %d; products by %s%n%-16s %9s %9s %12s%n",
        EXAMPLES, BATCH, MatrixProduct.best().library(), "model", "glissade", "torch", RATIO);
    List<Map<String, Object>> rows = new ArrayList<>();
    for (int hidden : HIDDEN) {
      Map<String, Object> row = row(hidden, python);
      rows.add(row);
      out.println(line(row));
      out.flush();
    }
    return rows;
  }

  private static Map<String, Object> row(int hidden, PythonPeers python) {
    Map<String, Subject> subjects = new LinkedHashMap<>();
    subjects.put("glissade", ours(hidden));
    Subject torch = python.training(hidden);
    if (torch != null) {
      subjects.put("torch", torch);
    }
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("model", Mlp.of(FEATURES, hidden, CLASSES).toString());
    Map<String, Double> medians = medians(subjects);
    medians.forEach((name, nanos) -> row.put(name, rounded(nanos / 1e6)));
    if (torch != null) {
      row.put(RATIO, rounded(ratio(medians)));
    }
    subjects.values().forEach(Subject::close);
    return row;
  }

  private static double ratio(Map<String, Double> medians) {
    return requireNonNull(medians.get("glissade")) / requireNonNull(medians.get("torch"));
  }

  private static String line(Map<String, Object> row) {
    return String.format(
        Locale.ROOT,
        "%-16s %9s %9s %12s",
        row.get("model"),
        row.get("glissade"),
        row.getOrDefault("torch", "-"),
        row.getOrDefault(RATIO, "-"));
  }

  private static double rounded(double x) {
    return Double.parseDouble(String.format(Locale.ROOT, "%.3g", x));
  }

  private static Map<String, Double> medians(Map<String, Subject> subjects) {
    Map<String, double[]> times = new LinkedHashMap<>();
    subjects.forEach((name, subject) -> {
      subject.run(1);
      times.put(name, new double[ROUNDS]);
    });
    for (int round = 0; round < ROUNDS; round++) {
      for (Map.Entry<String, Subject> subject : subjects.entrySet()) {
        requireNonNull(times.get(subject.getKey()))[round] = subject.getValue().time(1);
      }
    }
    Map<String, Double> medians = new LinkedHashMap<>();
    times.forEach((name, nanos) -> {
      Arrays.sort(nanos);
      medians.put(name, nanos[ROUNDS / 2]);
    });
    return medians;
  }

  private static Subject ours(int hidden) {
    Random random = new Random(0);
    float[] pixels = new float[EXAMPLES * FEATURES];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = random.nextFloat() - 0.5f;
    }
    Targets targets = Targets.labels(random.ints(EXAMPLES, 0, CLASSES).toArray());
    Mlp model = Mlp.of(FEATURES, hidden, CLASSES);
    Objective objective = Objective.of(model, Losses.softmaxCrossEntropy());
    Stepper<?> stepper = Stepper.of(Optimizers.adamw(1e-3), model.initialParams(0));
    Minibatches batches = Minibatches.of(Tensor.wrap(pixels, EXAMPLES, FEATURES), targets, BATCH);
    return epochs -> {
      for (int epoch = 0; epoch < epochs; epoch++) {
        for (Batch batch : batches.epoch(epoch)) {
          stepper.step(objective.gradient(stepper.params(), batch).gradient());
        }
      }
    };
  }
}
