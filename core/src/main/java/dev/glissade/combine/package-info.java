/**
 * Transformations made of others: in a row, on some leaves, sometimes, or with other settings.
 * {@code Transforms} in {@code dev.glissade.transform} lists them.
 */
@NullMarked
package dev.glissade.combine;

import org.jspecify.annotations.NullMarked;
