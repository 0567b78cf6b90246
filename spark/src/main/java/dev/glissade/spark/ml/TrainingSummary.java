package dev.glissade.spark.ml;

import java.util.Arrays;

/**
 * How a model was trained.
 *
 * @param objectiveHistory the mean loss of each pass, during the pass
 * @param stepLosses the mean loss of each step's rows, before the step
 * @param stepSize the step size that the optimizer had learned at the end, such as d of Prodigy;
 *     NaN if it learns none
 */
public record TrainingSummary(double[] objectiveHistory, double[] stepLosses, double stepSize) {

  /** {@return the number of passes over the rows} */
  public int totalIterations() {
    return objectiveHistory.length;
  }

  static TrainingSummary of(double[] stepLosses, int stepsOfPass, double stepSize) {
    double[] history = new double[stepLosses.length / stepsOfPass];
    for (int i = 0; i < history.length; i++) {
      history[i] =
          Arrays.stream(stepLosses, i * stepsOfPass, (i + 1) * stepsOfPass)
              .average()
              .orElse(Double.NaN);
    }
    return new TrainingSummary(history, stepLosses, stepSize);
  }
}
