/** Transformations made of others: in a row, on some leaves, sometimes, or with other settings. */
@NullMarked
package dev.glissade.combine;

import org.jspecify.annotations.NullMarked;
