package dev.glissade.tribuo;

import dev.glissade.GradientTransformation;
import dev.glissade.optimizer.Optimizers;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.tribuo.math.LinearParameters;
import org.tribuo.math.StochasticGradientOptimiser;
import org.tribuo.math.la.DenseMatrix;
import org.tribuo.math.la.Tensor;
import org.tribuo.math.optimisers.Adam;

/**
 * Steps to measure: a linear model of 10 labels, whose numbers are float64 in Tribuo, with dense
 * gradients that are written before each step, since Tribuo's optimizers overwrite them.
 */
final class BenchSubjects {
  private static final int LABELS = 10;

  private BenchSubjects() {}

  /** A step of Tribuo's own optimizer and the addition of its updates; null if it has none. */
  static @Nullable Runnable own(String optimizer, int size) {
    return optimizer.equals("adam") ? step(new Adam(1e-3, 1e-8), size) : null;
  }

  /** The same through the adapter. */
  static @Nullable Runnable ours(String optimizer, int size) {
    GradientTransformation<?> made =
        switch (optimizer) {
          case "adam" -> Optimizers.adam(1e-3);
          case "adamw" -> Optimizers.adamw(1e-3);
          default -> null;
        };
    return made == null ? null : step(GlissadeOptimiser.of(made), size);
  }

  private static Runnable step(StochasticGradientOptimiser optimiser, int size) {
    LinearParameters parameters = new LinearParameters(size / LABELS, LABELS);
    DenseMatrix gradient = new DenseMatrix(LABELS, size / LABELS);
    Tensor[] gradients = {gradient};
    optimiser.initialise(parameters);
    return () -> {
      for (int label = 0; label < LABELS; label++) {
        gradient.getRow(label).fill(0.01);
      }
      parameters.update(optimiser.step(gradients, 1));
    };
  }

  /** Prints the median milliseconds of each. */
  public static void main(String[] arguments) {
    for (int size : new int[] {1_000, 1_000_000, 10_000_000}) {
      System.out.printf(
          "%,d: own %.4f, ours %.4f ms%n",
          size, median(own("adam", size)), median(ours("adam", size)));
    }
  }

  private static double median(@Nullable Runnable step) {
    if (step == null) {
      return Double.NaN;
    }
    long[] nanos = new long[51];
    for (int warm = 0; warm < 60; warm++) {
      step.run();
    }
    for (int i = 0; i < nanos.length; i++) {
      long begin = System.nanoTime();
      step.run();
      nanos[i] = System.nanoTime() - begin;
    }
    Arrays.sort(nanos);
    return nanos[nanos.length / 2] / (double) TimeUnit.MILLISECONDS.toNanos(1);
  }
}
