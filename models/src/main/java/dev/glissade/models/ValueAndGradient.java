package dev.glissade.models;

import dev.glissade.Tree;

/**
 * A loss and its gradients.
 *
 * @param value the mean loss of the batch
 * @param gradient the gradients, by the paths of the parameters
 */
public record ValueAndGradient(double value, Tree gradient) {}
