package dev.glissade.arena.train;

/**
 * The quality of a model on a data set.
 *
 * @param loss the mean cross-entropy in nats; NaN if a logit is NaN
 * @param accuracy the fraction of examples whose class has the largest logit (the first of equal
 *     ones counts), in [0, 1]; an example with a NaN logit counts as wrong
 */
public record Metrics(double loss, double accuracy) {}
