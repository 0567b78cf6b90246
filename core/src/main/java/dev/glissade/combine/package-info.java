/**
 * Combinators: transformations made of others, which they run one after another, on some leaves, in
 * some steps, or with changing hyperparameters. {@code Transforms} in {@code
 * dev.glissade.transform} is the index.
 */
@NullMarked
package dev.glissade.combine;

import org.jspecify.annotations.NullMarked;
