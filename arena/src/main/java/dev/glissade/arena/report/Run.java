package dev.glissade.arena.report;

import dev.glissade.checkpoint.json.Json;
import java.util.List;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * The results of training with one optimizer. Numbers may be NaN or infinite everywhere: they
 * become gaps in a curve and null in results.json.
 *
 * @param label the name of the run
 * @param optimizer the optimizer as JSON text
 * @param steps the recorded steps, counted from 1, ascending
 * @param losses the batch loss at each recorded step
 * @param smoothedLosses the same, smoothed: {@link Curves#smooth}
 * @param validationScores the score on the validation part after each epoch: accuracy or R^2
 * @param stepSizes the learned step size at each recorded step; null if the optimizer learns none
 * @param trainLoss the mean loss of the trained model over the train part
 * @param validationLoss its mean loss over the validation part
 * @param validationScore its accuracy or R^2 on the validation part, which decides what is chosen
 * @param testLoss its mean loss over the test part
 * @param testScore its accuracy or R^2 on the test part
 * @param seconds the time of training
 * @param evaluations how often the loss of a batch was computed in training, with or without its
 *     gradients: once a step, more often by SAM and line searches
 * @param diverged whether the run stopped early or ended with useless parameters or loss
 * @param epsilon an upper bound on the privacy loss if the noise were secret; NaN without one
 * @param notes remarks for the reader, a sentence each
 */
public record Run(
    String label,
    String optimizer,
    long[] steps,
    double[] losses,
    double[] smoothedLosses,
    double[] validationScores,
    double @Nullable [] stepSizes,
    double trainLoss,
    double validationLoss,
    double validationScore,
    double testLoss,
    double testScore,
    double seconds,
    long evaluations,
    boolean diverged,
    double epsilon,
    List<String> notes) {

  /** Checks that every curve has one number for each recorded step. */
  public Run {
    checkLength("losses", losses, steps);
    checkLength("smoothedLosses", smoothedLosses, steps);
    if (stepSizes != null) {
      checkLength("stepSizes", stepSizes, steps);
    }
    notes = List.copyOf(notes);
  }

  /** Returns the notes that all of some runs have. */
  public static List<String> commonNotes(List<Run> runs) {
    return runs.get(0).notes.stream()
        .filter(note -> runs.stream().allMatch(run -> run.notes.contains(note)))
        .toList();
  }

  private static void checkLength(String name, double[] curve, long[] steps) {
    if (curve.length != steps.length) {
      throw new IllegalArgumentException(
          "%s must have a number for each of %d steps, but had %d"
              .formatted(name, steps.length, curve.length));
    }
  }

  /** Returns the optimizer as plain values, or the text itself if it is not JSON. */
  Object plainOptimizer() {
    try {
      return Json.STRICT.read("the optimizer", optimizer);
    } catch (IllegalArgumentException e) {
      return optimizer;
    }
  }

  /** Returns the last finite learned step size. */
  public OptionalDouble learnedStepSize() {
    for (int i = stepSizes == null ? -1 : stepSizes.length - 1; i >= 0; i--) {
      if (stepSizes != null && Double.isFinite(stepSizes[i])) {
        return OptionalDouble.of(stepSizes[i]);
      }
    }
    return OptionalDouble.empty();
  }
}
