package dev.glissade.arena;

import dev.glissade.arena.train.LabelNoise;
import dev.glissade.records.Check;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of commands that train several optimizers. */
final class ComparisonOptions {
  @Option(
      names = "--seeds",
      paramLabel = "N",
      description = {
        "Trains each optimizer with N seeds and shows means and spreads. Default: on the digits, 5"
            + " with compare and 3 with sweep; 1 on other data."
      })
  @Nullable Integer seeds;

  @Option(
      names = "--label-noise",
      paramLabel = "SHARE",
      defaultValue = "0",
      description =
          "Gives this share of the train examples a wrong label, from 0 to 1. The test part stays"
              + " right. Default: ${DEFAULT-VALUE}.")
  private double labelNoise;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description =
          "Trains N runs at a time, with the same results. Default: the number of processors.")
  private @Nullable Integer threads;

  @Option(
      names = "--report",
      paramLabel = "DIR",
      description =
          "Writes a page with charts, index.html, and all numbers, results.json and results.csv, to"
              + " this folder.")
  @Nullable Path report;

  @Option(
      names = "--json",
      description = "Prints JSON instead of a table; curves are only in the report.")
  boolean json;

  ComparisonOptions() {}

  /** Refuses wrong values before the data is read. */
  void check(@Nullable Path data) {
    Check.atLeast("--seeds", 1, seeds(data, 1));
    Check.atLeast("--threads", 1, threads());
    labelNoise();
  }

  int seeds(@Nullable Path data, int onDigits) {
    return seeds != null ? seeds : data == null ? onDigits : 1;
  }

  int threads() {
    return threads == null ? Runtime.getRuntime().availableProcessors() : threads;
  }

  double labelNoise() {
    return LabelNoise.check("--label-noise", labelNoise);
  }
}
