package dev.glissade.privacy.accounting;

/**
 * What may be stated: for any two sets of examples that are adjacent, and any outcomes, the
 * probability of these with one set is at most e^epsilon times that with the other, plus delta.
 *
 * @param accountant by whom
 * @param order the Renyi order that gave it; NaN by another way
 */
public record Guarantee(
    double epsilon, double delta, Adjacency adjacency, String accountant, double order) {}
