package dev.glissade.arena.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** results.json: everything that a comparison holds, under snake_case names. */
final class ResultsJson {
  private ResultsJson() {}

  static ObjectNode of(Comparison comparison) {
    ObjectNode root = Json.object();
    root.putObject("data")
        .put("name", comparison.data())
        .put("train", comparison.trainExamples())
        .put("test", comparison.testExamples())
        .put("features", comparison.features())
        .put("classes", comparison.classes());
    root.put("model", comparison.model())
        .put("epochs", comparison.epochs())
        .put("batch", comparison.batch())
        .put("seed", comparison.seed())
        .put("schedule", comparison.schedule())
        .put("threads", comparison.threads())
        .put("started_at", comparison.startedAt().toString());
    ArrayNode runs = root.putArray("runs");
    comparison.runs().forEach(run -> runs.add(run(run)));
    return root;
  }

  private static ObjectNode run(Run run) {
    ObjectNode node = Json.object().put("label", run.label());
    node.set("optimizer", Json.parsed(run.optimizer()));
    node.set("train_loss", Json.number(run.trainLoss()));
    node.set("test_loss", Json.number(run.testLoss()));
    node.set("test_accuracy", Json.number(run.testAccuracy()));
    node.set("learned_step_size", Json.number(run.learnedStepSize().orElse(Double.NaN)));
    node.set("seconds", Json.number(run.seconds()));
    node.put("diverged", run.diverged());
    node.set("epsilon", Json.number(run.epsilon()));
    ArrayNode notes = node.putArray("notes");
    run.notes().forEach(notes::add);
    node.set("epoch_test_accuracies", Json.numbers(run.epochAccuracies()));
    node.set("steps", Json.numbers(run.steps()));
    node.set("losses", Json.numbers(run.losses()));
    node.set("smoothed_losses", Json.numbers(run.smoothedLosses()));
    node.set("step_sizes", Json.numbers(run.stepSizes()));
    return node;
  }
}
