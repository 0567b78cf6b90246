package dev.glissade.privacy.accounting;

/**
 * A differential privacy guarantee: for any two adjacent sets of examples and any set of outcomes,
 * the probability of these outcomes with one set is at most e^epsilon times that with the other,
 * plus delta.
 *
 * @param epsilon an upper bound, which includes the errors of grids and rounding; print it with
 *     {@link BoundFormat#upperBound(double)}, since rounding to nearest could make it false;
 *     infinite if nothing can be stated
 * @param delta the probability added to the bound
 * @param adjacency which two sets of examples are neighbors
 * @param accountant the name of the accountant that computed it
 * @param order the Renyi order that gave epsilon; NaN if another method did
 */
public record Guarantee(
    double epsilon, double delta, Adjacency adjacency, String accountant, double order) {}
