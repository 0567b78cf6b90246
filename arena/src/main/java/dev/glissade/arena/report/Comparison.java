package dev.glissade.arena.report;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/**
 * Several optimizers on the same model and data.
 *
 * @param data the name of the data set
 * @param trainExamples the number of train examples
 * @param testExamples the number of test examples
 * @param model the model's description
 * @param schedule the learning rate schedule's name
 * @param runs the runs in the order of --optimizers, which assigns their colours
 */
public record Comparison(
    String data,
    int trainExamples,
    int testExamples,
    int features,
    int classes,
    String model,
    int epochs,
    int batch,
    long seed,
    String schedule,
    int threads,
    Instant startedAt,
    List<Run> runs) {

  /** Copies the list of runs. */
  public Comparison {
    runs = List.copyOf(runs);
  }

  /** Returns the runs by best test accuracy, then lowest train loss; diverged runs and NaN last. */
  public List<Run> ranked() {
    return ranked(runs);
  }

  static List<Run> ranked(List<Run> runs) {
    return runs.stream()
        .sorted(
            Comparator.comparingInt((Run run) -> run.diverged() ? 1 : 0)
                .thenComparingDouble(
                    run -> Double.isNaN(run.testAccuracy()) ? 1 : -run.testAccuracy())
                .thenComparingDouble(Run::trainLoss))
        .toList();
  }
}
