package dev.glissade.arena.model;

/**
 * How a model does on a data set.
 *
 * @param loss the mean cross-entropy in nats; NaN when a logit is NaN
 * @param accuracy the part of the examples whose class has the largest logit (the first of equal
 *     ones counts); an example with a NaN logit counts as wrong
 */
public record Metrics(double loss, double accuracy) {}
