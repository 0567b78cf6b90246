/**
 * Combinators: transformations made of others that run them in a row, on some leaves, in some
 * steps, or with changing hyperparameters. {@code Transforms} in {@code dev.glissade.transform} is
 * the index.
 */
@NullMarked
package dev.glissade.combine;

import org.jspecify.annotations.NullMarked;
