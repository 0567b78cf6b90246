/** Generates the methods that set one component of a record. */
@NullMarked
package dev.glissade.withers;

import org.jspecify.annotations.NullMarked;
