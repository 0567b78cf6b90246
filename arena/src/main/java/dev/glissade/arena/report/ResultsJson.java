package dev.glissade.arena.report;

import dev.glissade.arena.data.Task;
import dev.glissade.arena.report.SweepLine.SweepPoint;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Returns results as plain values for JSON, under snake_case names. */
public final class ResultsJson {
  private ResultsJson() {}

  /**
   * Returns a comparison.
   *
   * @param curves whether to include the curves, which are long
   */
  public static Map<String, @Nullable Object> of(Comparison comparison, boolean curves) {
    Map<String, @Nullable Object> root = setting(comparison.setting());
    List<Object> runs = new ArrayList<>();
    for (int i = 0; i < comparison.trials().size(); i++) {
      runs.add(run(comparison, i, curves));
    }
    root.put("runs", runs);
    return root;
  }

  /** Returns a sweep; its runs have no curves. */
  public static Map<String, @Nullable Object> of(Sweep sweep) {
    Map<String, @Nullable Object> root = setting(sweep.setting());
    root.put("parameter", sweep.parameter().toString());
    root.put("values", sweep.values());
    root.put("metric", sweep.metric().key());
    boolean chosen = sweep.parameter().isChoice();
    root.put("chosen_by", chosen ? sweep.metric().validationKey() : null);
    root.put("lines", sweep.lines().stream().map(line -> line(sweep, line)).toList());
    return root;
  }

  private static Map<String, @Nullable Object> setting(Setting setting) {
    Setting.DataFacts facts = setting.data();
    Map<String, @Nullable Object> data = new LinkedHashMap<>();
    data.put("name", facts.name());
    data.put("task", facts.task().toString());
    data.put("label", facts.label().isEmpty() ? null : facts.label());
    data.put("train", facts.train());
    data.put("validation", facts.validation());
    data.put("test", facts.test());
    data.put("features", facts.features());
    data.put("classes", facts.task() == Task.CLASSES ? facts.classes() : null);
    Map<String, @Nullable Object> root = new LinkedHashMap<>();
    root.put("command", setting.command());
    root.put("options", setting.options());
    root.put("stopped", setting.stopped());
    root.put("data", data);
    root.put("model", setting.model());
    root.put("epochs", setting.epochs());
    root.put("batch", setting.batch());
    root.put("seed", setting.seed());
    root.put("seeds", setting.seeds());
    root.put("schedule", setting.schedule());
    root.put("label_noise", setting.labelNoise());
    root.put("threads", setting.threads());
    root.put("started_at", setting.startedAt().toString());
    return root;
  }

  private static Map<String, @Nullable Object> run(
      Comparison comparison, int index, boolean curves) {
    Trials trials = comparison.trials().get(index);
    Run mean = trials.mean();
    Map<String, @Nullable Object> plain = new LinkedHashMap<>();
    plain.put("label", mean.label());
    plain.put("optimizer", mean.plainOptimizer());
    plain.put("command", comparison.commands().get(index));
    Metric metric = comparison.metric();
    figures(plain, mean, metric);
    plain.put(metric.key() + "_deviation", trials.statistics(metric::of).deviation());
    Optional<PairedDifference> difference = comparison.toBest(trials);
    plain.put("difference_to_best", difference.map(PairedDifference::mean).orElse(Double.NaN));
    plain.put(
        "difference_half_width", difference.map(PairedDifference::halfWidth).orElse(Double.NaN));
    plain.put("notes", mean.notes());
    plain.put("seeds", seeds(trials, metric));
    if (curves) {
      plain.put("validation_scores", mean.validationScores());
      plain.put("steps", mean.steps());
      plain.put("losses", mean.losses());
      plain.put("smoothed_losses", mean.smoothedLosses());
      plain.put("step_sizes", mean.stepSizes());
    }
    return plain;
  }

  /** Adds the numbers that a mean and a single run have. */
  private static void figures(Map<String, @Nullable Object> plain, Run run, Metric score) {
    plain.put("train_loss", run.trainLoss());
    plain.put("validation_loss", run.validationLoss());
    plain.put(score.validationKey(), score.ofValidation(run));
    plain.put("test_loss", run.testLoss());
    plain.put(score.key(), score.of(run));
    plain.put("learned_step_size", run.learnedStepSize().orElse(Double.NaN));
    plain.put("seconds", run.seconds());
    plain.put("evaluations", run.evaluations());
    plain.put("diverged", run.diverged());
    plain.put("epsilon", run.epsilon());
  }

  /**
   * Returns the numbers of a single run without curves.
   *
   * @param score the score of the task
   */
  public static Map<String, @Nullable Object> of(Run run, Metric score) {
    Map<String, @Nullable Object> plain = new LinkedHashMap<>();
    plain.put("label", run.label());
    plain.put("optimizer", run.plainOptimizer());
    figures(plain, run, score);
    plain.put("notes", run.notes());
    return plain;
  }

  private static List<Object> seeds(Trials trials, Metric score) {
    List<Object> seeds = new ArrayList<>();
    trials
        .bySeed()
        .forEach((seed, run) -> {
          Map<String, @Nullable Object> plain = new LinkedHashMap<>();
          plain.put("seed", seed);
          figures(plain, run, score);
          seeds.add(plain);
        });
    return seeds;
  }

  private static Map<String, @Nullable Object> line(Sweep sweep, SweepLine line) {
    Map<String, @Nullable Object> plain = new LinkedHashMap<>();
    plain.put("label", line.label());
    plain.put("command", line.command());
    plain.put("flat", line.flat());
    if (sweep.parameter().isChoice()) {
      plain.put("best_value", line.best(sweep.metric()).map(SweepPoint::value).orElse(Double.NaN));
    }
    plain.put("seconds", line.totalSeconds());
    List<Object> points = new ArrayList<>();
    for (SweepPoint point : line.points()) {
      Map<String, @Nullable Object> one = new LinkedHashMap<>();
      one.put("value", point.value());
      figures(one, point.trials().mean(), sweep.setting().score());
      one.put(
          sweep.metric().key() + "_deviation",
          point.trials().statistics(sweep.metric()::of).deviation());
      one.put("seeds", seeds(point.trials(), sweep.setting().score()));
      points.add(one);
    }
    plain.put("points", points);
    return plain;
  }
}
