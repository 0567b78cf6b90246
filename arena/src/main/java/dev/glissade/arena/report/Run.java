package dev.glissade.arena.report;

import dev.glissade.checkpoint.json.Json;
import java.util.List;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * One optimizer's way through the training. Numbers that are not finite are allowed everywhere:
 * they are gaps in a curve and null in results.json.
 *
 * @param label what the run is called
 * @param optimizer the optimizer as JSON text
 * @param steps the recorded steps, counted from 1, ascending
 * @param losses the batch loss at each recorded step
 * @param smoothedLosses the same, smoothed: {@link Curves#smooth}
 * @param epochAccuracies the test accuracy after each epoch, in [0, 1]
 * @param stepSizes the learned step size at each recorded step, or null where none is learned
 * @param trainLoss the mean loss over the train part at the end
 * @param testLoss the mean loss over the test part at the end
 * @param testAccuracy the accuracy on the test part at the end
 * @param seconds how long the training took
 * @param diverged the run was given up, or its parameters or its loss are of no use
 * @param epsilon an upper bound: what could be stated of the run's privacy if its noise were
 *     secret, or NaN
 * @param notes what else a reader should know, a sentence each
 */
public record Run(
    String label,
    String optimizer,
    long[] steps,
    double[] losses,
    double[] smoothedLosses,
    double[] epochAccuracies,
    double @Nullable [] stepSizes,
    double trainLoss,
    double testLoss,
    double testAccuracy,
    double seconds,
    boolean diverged,
    double epsilon,
    List<String> notes) {

  /** Every curve over steps needs one number a step. */
  public Run {
    checkLength("losses", losses, steps);
    checkLength("smoothedLosses", smoothedLosses, steps);
    if (stepSizes != null) {
      checkLength("stepSizes", stepSizes, steps);
    }
    notes = List.copyOf(notes);
  }

  private static void checkLength(String name, double[] curve, long[] steps) {
    if (curve.length != steps.length) {
      throw new IllegalArgumentException(
          "%s needs as many numbers as steps, %d: %d".formatted(name, steps.length, curve.length));
    }
  }

  /** Returns the optimizer as plain values; the text itself where it is not JSON. */
  Object plainOptimizer() {
    try {
      return Json.STRICT.read("the optimizer", optimizer);
    } catch (IllegalArgumentException e) {
      return optimizer;
    }
  }

  /** The last finite learned step size. */
  public OptionalDouble learnedStepSize() {
    for (int i = stepSizes == null ? -1 : stepSizes.length - 1; i >= 0; i--) {
      if (stepSizes != null && Double.isFinite(stepSizes[i])) {
        return OptionalDouble.of(stepSizes[i]);
      }
    }
    return OptionalDouble.empty();
  }
}
