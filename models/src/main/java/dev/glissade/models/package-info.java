/**
 * Losses, linear models and multilayer perceptrons with their gradients, for programs without
 * automatic differentiation.
 *
 * <p>An {@link dev.glissade.models.Mlp} says which layers there are, a {@link
 * dev.glissade.models.Loss} measures its outputs, and an {@link dev.glissade.models.Objective}
 * computes the mean loss of a {@link dev.glissade.models.Batch} and its gradients, also for each
 * example. {@link dev.glissade.models.Losses} lists the losses, which also compute values and
 * gradients of the outputs of other models. {@link dev.glissade.models.Minibatches} cuts arrays
 * into batches, and {@link dev.glissade.models.GradientCheck} compares gradients with differences.
 */
@NullMarked
package dev.glissade.models;

import org.jspecify.annotations.NullMarked;
