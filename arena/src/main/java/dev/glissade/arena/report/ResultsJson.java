package dev.glissade.arena.report;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Returns a comparison as plain values for results.json, under snake_case names. */
final class ResultsJson {
  private ResultsJson() {}

  static Map<String, Object> of(Comparison comparison) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("name", comparison.data());
    data.put("train", comparison.trainExamples());
    data.put("test", comparison.testExamples());
    data.put("features", comparison.features());
    data.put("classes", comparison.classes());
    Map<String, Object> root = new LinkedHashMap<>();
    root.put("data", data);
    root.put("model", comparison.model());
    root.put("epochs", comparison.epochs());
    root.put("batch", comparison.batch());
    root.put("seed", comparison.seed());
    root.put("schedule", comparison.schedule());
    root.put("threads", comparison.threads());
    root.put("started_at", comparison.startedAt().toString());
    root.put("runs", comparison.runs().stream().map(ResultsJson::run).toList());
    return root;
  }

  private static Map<String, @Nullable Object> run(Run run) {
    Map<String, @Nullable Object> plain = new LinkedHashMap<>();
    plain.put("label", run.label());
    plain.put("optimizer", run.plainOptimizer());
    plain.put("train_loss", run.trainLoss());
    plain.put("test_loss", run.testLoss());
    plain.put("test_accuracy", run.testAccuracy());
    plain.put("learned_step_size", run.learnedStepSize().orElse(Double.NaN));
    plain.put("seconds", run.seconds());
    plain.put("diverged", run.diverged());
    plain.put("epsilon", run.epsilon());
    plain.put("notes", run.notes());
    plain.put("epoch_test_accuracies", run.epochAccuracies());
    plain.put("steps", run.steps());
    plain.put("losses", run.losses());
    plain.put("smoothed_losses", run.smoothedLosses());
    plain.put("step_sizes", run.stepSizes());
    return plain;
  }
}
