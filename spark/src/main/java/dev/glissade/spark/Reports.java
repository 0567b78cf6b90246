package dev.glissade.spark;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Hands each step's report to the listener once, in order. */
final class Reports {
  private final StepListener listener;
  private final Runnable onFailure;
  private @Nullable StepReport last;
  private long reported;
  private @Nullable Throwable failure;

  /**
   * Takes a listener.
   *
   * @param onFailure ends the training when the listener throws
   */
  Reports(StepListener listener, Runnable onFailure) {
    this.listener = listener;
    this.onFailure = onFailure;
  }

  /** Skips the steps of the checkpoint that a training starts from. */
  synchronized void startAt(long step) {
    reported = step;
  }

  synchronized void add(StepReport report) {
    if (failure != null || report.step() <= reported) {
      return;
    }
    reported = report.step();
    last = report;
    try {
      listener.onStep(report);
    } catch (Throwable e) { // also what a lambda throws without declaring it
      failure = e;
      onFailure.run();
    }
  }

  /** Reports the steps that nobody has told of, from the losses of all steps. */
  synchronized void complete(double[] losses) {
    for (long step = reported + 1; step <= losses.length; step++) {
      add(new StepReport(step, losses[Math.toIntExact(step - 1)], Double.NaN));
    }
    throwFailure();
  }

  /** Throws what the listener has thrown. */
  synchronized void throwFailure() {
    if (failure != null) {
      throw PartitionJob.<RuntimeException>sneaky(failure);
    }
  }

  /** Describes the progress for Spark's UI. */
  synchronized String describe(long steps) {
    StepReport report = last;
    String text = "training: step %d of %d".formatted(reported, steps);
    if (report == null) {
      return text;
    }
    String loss = String.format(Locale.ROOT, ", loss %.5g", report.loss());
    String size = String.format(Locale.ROOT, ", step size %.3g", report.stepSize());
    return text + loss + (Double.isNaN(report.stepSize()) ? "" : size);
  }
}
