package dev.glissade.spark;

/** Is told of the steps of a training, on the driver. */
@FunctionalInterface
public interface StepListener {

  /**
   * Takes a report. Each step is reported once, in order, also if it is computed again after a
   * failure. With {@link SparkEngine#BARRIER} reports come in groups, a few times a second, from a
   * thread of the training. An exception ends the training.
   *
   * @param report the step
   */
  void onStep(StepReport report);
}
