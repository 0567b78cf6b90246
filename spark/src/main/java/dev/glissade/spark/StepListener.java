package dev.glissade.spark;

/** Is told of the steps of a training, on the driver. */
@FunctionalInterface
public interface StepListener {

  /**
   * Takes a report. Each step is reported once, in order, also if it is computed again after a
   * failure. With {@link SparkEngine#BARRIER} reports come in groups, a few times a second, from a
   * thread of the training. An exception or error ends the training, which then throws it.
   *
   * <p>A listener must not run jobs of Spark: they would belong to the training, and end with it.
   *
   * @param report the step
   */
  void onStep(StepReport report);
}
