package dev.glissade.privacy.accounting;

/**
 * What may be stated: for any two sets of examples that are adjacent, and any outcomes, the
 * probability of these with one set is at most e^epsilon times that with the other, plus delta.
 *
 * @param epsilon an upper bound, with what grids and the rounding of numbers can do to it; so it
 *     may be printed by {@link BoundFormat#upperBound(double)}, but not rounded to nearest;
 *     infinite if nothing can be stated
 * @param delta the probability that is left out
 * @param adjacency which two sets of examples are meant
 * @param accountant by whom
 * @param order the Renyi order that gave it; NaN by another way
 */
public record Guarantee(
    double epsilon, double delta, Adjacency adjacency, String accountant, double order) {}
