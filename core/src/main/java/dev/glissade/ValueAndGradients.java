package dev.glissade;

/**
 * A loss and its gradients at the same parameters.
 *
 * @param value the loss
 * @param gradients the gradients, in the form of the parameters
 */
public record ValueAndGradients(double value, Tree gradients) {}
