package dev.glissade.arena;

import dev.glissade.arena.train.NonFiniteHandling;
import dev.glissade.arena.train.OptimizerSpec;
import dev.glissade.arena.train.PrivacyMechanism;
import dev.glissade.arena.train.PrivateRun;
import dev.glissade.privacy.NormReport;
import dev.glissade.records.Check;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options for training within a privacy budget. */
final class PrivateOptions {
  private static final String LEDGER_ALONE =
      "--ledger-lost must be given with --target-epsilon and --resume, but was given alone";

  @Option(
      names = "--target-epsilon",
      paramLabel = "E",
      description =
          "With dpsgd: trains privately within this epsilon, with secret noise on batches drawn by"
              + " Poisson sampling, and prints the epsilon spent.")
  private @Nullable Double targetEpsilon;

  @Option(
      names = "--delta",
      paramLabel = "D",
      description = "With --target-epsilon: the delta. Default: 1e-5.")
  private @Nullable Double givenDelta;

  @Option(
      names = "--report-norms",
      description =
          "With --target-epsilon: prints the norms of the gradients of the last batch, to help"
              + " choose l2_norm_clip. This output is not private: no epsilon covers it.")
  private boolean reportNorms;

  @Option(
      names = "--ledger-lost",
      paramLabel = "N",
      arity = "0..1",
      fallbackValue = "" + PrivateRun.Terms.ALL,
      description =
          "With --target-epsilon and --resume: continues although the privacy ledger is lost,"
              + " damaged or older than the checkpoint. Counts the steps in the checkpoint and N"
              + " more that may have been taken since. Default of N: all remaining steps of the"
              + " run, so that it takes no more.")
  private @Nullable Long ledgerLost;

  PrivateOptions() {}

  /** Returns whether the run is private. */
  boolean isPrivate() {
    return targetEpsilon != null;
  }

  boolean reportsNorms() {
    return reportNorms;
  }

  double delta() {
    return givenDelta == null ? PrivacyMechanism.DELTA : givenDelta;
  }

  /**
   * Returns the terms of a private run.
   *
   * @param norms receives each batch's norms if they are asked for
   */
  PrivateRun.Terms terms(Consumer<NormReport> norms) {
    double epsilon = targetEpsilon == null ? Double.NaN : targetEpsilon;
    return new PrivateRun.Terms(epsilon, delta(), ledgerLost, reportNorms ? norms : null);
  }

  /** Refuses wrong values, options that would do nothing, and what private training can't have. */
  void check(OptimizerSpec optimizer, boolean resumes, NonFiniteHandling nonFinite) {
    if (isPrivate()) {
      checkPrivate(optimizer, nonFinite);
    } else {
      checkOrdinary();
    }
    if (ledgerLost != null) {
      Check.that(ledgerLost >= 0, "--ledger-lost must not be negative", ledgerLost);
      if (!resumes) {
        throw new IllegalArgumentException(LEDGER_ALONE);
      }
    }
  }

  private void checkPrivate(OptimizerSpec optimizer, NonFiniteHandling nonFinite) {
    Check.positive("--target-epsilon", targetEpsilon == null ? Double.NaN : targetEpsilon);
    Check.that(delta() > 0 && delta() < 1, "--delta must be between 0 and 1", delta());
    if (!optimizer.isPrivate()) {
      throw new IllegalArgumentException(
          "--optimizer must be dpsgd with --target-epsilon, but was " + optimizer.label());
    }
    if (nonFinite != NonFiniteHandling.STOP) {
      throw new IllegalArgumentException(
          "--non-finite must be stop with --target-epsilon, where a gradient that is not finite"
              + " adds nothing, but was "
              + nonFinite);
    }
  }

  private void checkOrdinary() {
    if (reportNorms) {
      throw new IllegalArgumentException(
          "--report-norms must be given with --target-epsilon, but was given alone");
    }
    if (givenDelta != null) {
      throw new IllegalArgumentException(
          "--delta must be given with --target-epsilon, but was " + givenDelta + " alone");
    }
    if (ledgerLost != null) {
      throw new IllegalArgumentException(LEDGER_ALONE);
    }
  }
}
