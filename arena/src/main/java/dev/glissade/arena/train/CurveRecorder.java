package dev.glissade.arena.train;

import dev.glissade.Scalar;
import dev.glissade.arena.report.Curves;
import dev.glissade.records.Records;
import java.util.Arrays;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** Records the loss and the learned step size over a run, at 2,000 points at most. */
final class CurveRecorder {
  private static final int MOST_POINTS = 2000;

  /** The fraction of a run over which losses are smoothed. */
  private static final double SMOOTHED_PART = 1.0 / 40;

  private final int stride;
  private final long[] steps;
  private final double[] losses;
  private final double[] stepSizes;
  private int points;
  private double sum;
  private int summed;

  /**
   * The recorded points and the sum for the next point.
   *
   * @param summed the number of losses in the sum
   */
  record Snapshot(long[] steps, double[] losses, double[] stepSizes, double sum, int summed) {}

  CurveRecorder(int allSteps) {
    stride = Math.max(1, (allSteps + MOST_POINTS - 1) / MOST_POINTS);
    int most = (allSteps + stride - 1) / stride;
    steps = new long[most];
    losses = new double[most];
    stepSizes = new double[most];
  }

  /** Returns a copy of the recorded points. */
  Snapshot recorded() {
    return new Snapshot(steps(), losses(), Arrays.copyOf(stepSizes, points), sum, summed);
  }

  /** Continues from the snapshot of a recorder for as many steps. */
  void resume(Snapshot before) {
    points = before.steps().length;
    System.arraycopy(before.steps(), 0, steps, 0, points);
    System.arraycopy(before.losses(), 0, losses, 0, points);
    System.arraycopy(before.stepSizes(), 0, stepSizes, 0, points);
    sum = before.sum();
    summed = before.summed();
  }

  /** Adds a step's loss; returns whether the caller must now call {@link #point}. */
  boolean add(int step, double loss) {
    sum += loss;
    summed++;
    return step % stride == 0;
  }

  /** Records a point: the mean loss since the last point and the learned step size. */
  void point(int step, Object state) {
    if (summed == 0) {
      return;
    }
    steps[points] = step;
    losses[points] = sum / summed;
    stepSizes[points] = learnedStepSize(state).orElse(Double.NaN);
    points++;
    sum = 0;
    summed = 0;
  }

  long[] steps() {
    return Arrays.copyOf(steps, points);
  }

  double[] losses() {
    return Arrays.copyOf(losses, points);
  }

  double[] smoothedLosses() {
    return Curves.smooth(losses(), Math.max(1, losses.length * SMOOTHED_PART));
  }

  /** Returns the learned step sizes; null if the optimizer learns none. */
  double @Nullable [] stepSizes() {
    double[] sizes = Arrays.copyOf(stepSizes, points);
    return Arrays.stream(sizes).anyMatch(Double::isFinite) ? sizes : null;
  }

  /** Returns the estimate of Prodigy or D-Adaptation or the sum of Mechanic's scales, if any. */
  static OptionalDouble learnedStepSize(Object state) {
    double[] found = {Double.NaN, 0};
    boolean[] mechanic = {false};
    Records.walk(
        state,
        (path, leaf) -> {
          if (leaf instanceof Scalar scalar && path.matches("(.*/)?estimLr")) {
            found[0] = scalar.value();
          } else if (leaf instanceof Scalar scalar && path.matches("(.*/)?s/\\d+")) {
            found[1] += scalar.value();
            mechanic[0] = true;
          }
        });
    if (mechanic[0]) {
      return OptionalDouble.of(found[1]);
    }
    return Double.isNaN(found[0]) ? OptionalDouble.empty() : OptionalDouble.of(found[0]);
  }
}
