package dev.glissade.arena.train;

import dev.glissade.arena.report.Metric;
import dev.glissade.arena.report.Run;
import dev.glissade.arena.report.Trials;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** Averages runs of one optimizer that differ by their seed. */
final class MeanRun {
  private MeanRun() {}

  /**
   * Returns the runs with their mean: the means of all numbers and curves. Curves end where the
   * shortest run ended; the mean run has diverged if one of the runs has.
   *
   * @param score the score of the task
   */
  static Trials trials(SortedMap<Long, Run> bySeed, Metric score) {
    List<Run> runs = List.copyOf(bySeed.values());
    return new Trials(runs.size() == 1 ? runs.get(0) : mean(runs, notes(bySeed, score)), bySeed);
  }

  private static Run mean(List<Run> runs, List<String> notes) {
    Run first = runs.get(0);
    int points = runs.stream().mapToInt(run -> run.steps().length).min().orElse(0);
    double[] stepSizes = stepSizes(runs);
    return new Run(
        first.label(),
        first.optimizer(),
        Arrays.copyOf(first.steps(), points),
        Arrays.copyOf(meanOf(runs, Run::losses), points),
        Arrays.copyOf(meanOf(runs, Run::smoothedLosses), points),
        meanOf(runs, Run::validationScores),
        stepSizes == null ? null : Arrays.copyOf(stepSizes, points),
        mean(runs, Run::trainLoss),
        mean(runs, Run::validationLoss),
        mean(runs, Run::validationScore),
        mean(runs, Run::testLoss),
        mean(runs, Run::testScore),
        mean(runs, Run::seconds),
        Math.round(mean(runs, Run::evaluations)),
        runs.stream().anyMatch(Run::diverged),
        largestEpsilon(runs),
        notes);
  }

  /** Returns an epsilon that holds for each run; a run that stopped early has fewer steps. */
  private static double largestEpsilon(List<Run> runs) {
    return runs.stream().mapToDouble(Run::epsilon).reduce(Double.NEGATIVE_INFINITY, Math::max);
  }

  private static double @Nullable [] stepSizes(List<Run> runs) {
    return runs.stream().anyMatch(run -> run.stepSizes() == null)
        ? null
        : meanOf(runs, run -> run.stepSizes() == null ? new double[0] : run.stepSizes());
  }

  private static double mean(List<Run> runs, ToDoubleFunction<Run> number) {
    return runs.stream().mapToDouble(number).sum() / runs.size();
  }

  private static double[] meanOf(List<Run> runs, Function<Run, double[]> curve) {
    List<double[]> curves = runs.stream().map(curve).toList();
    double[] mean = new double[curves.stream().mapToInt(c -> c.length).min().orElse(0)];
    for (double[] numbers : curves) {
      for (int i = 0; i < mean.length; i++) {
        mean[i] += numbers[i] / curves.size();
      }
    }
    return mean;
  }

  private static List<String> notes(SortedMap<Long, Run> bySeed, Metric score) {
    List<Run> runs = List.copyOf(bySeed.values());
    double[] sorted = runs.stream().mapToDouble(Run::testScore).sorted().toArray();
    long diverged = runs.stream().filter(Run::diverged).count();
    List<String> notes = new ArrayList<>();
    notes.add(
        "Means of %d seeds; %s from %s."
            .formatted(
                sorted.length, score.name(), score.format(sorted[0], sorted[sorted.length - 1])));
    if (diverged > 0) {
      notes.add("%d of %d runs diverged.".formatted(diverged, sorted.length));
    }
    List<String> common = Run.commonNotes(runs);
    notes.addAll(common);
    bySeed.forEach((seed, run) ->
        run.notes().stream()
            .filter(note -> !common.contains(note))
            .forEach(note -> notes.add("Seed %d: %s".formatted(seed, note))));
    return notes;
  }
}
