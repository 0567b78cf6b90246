package dev.glissade.spark;

import java.io.Serializable;

/**
 * What is known after a step.
 *
 * @param step the number of the step, from 1
 * @param loss the mean loss over all partitions, at the parameters before the step
 * @param stepSize the step size that the optimizer has learned, such as d of Prodigy; NaN if it
 *     learns none or it is not known any more
 */
public record StepReport(long step, double loss, double stepSize) implements Serializable {}
