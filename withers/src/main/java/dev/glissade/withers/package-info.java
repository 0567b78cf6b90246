/** Generates methods that return a copy of a record with another value in one component. */
@NullMarked
package dev.glissade.withers;

import org.jspecify.annotations.NullMarked;
