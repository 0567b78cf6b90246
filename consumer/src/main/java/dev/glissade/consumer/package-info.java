/** A program that uses the library from its own module. */
@NullMarked
package dev.glissade.consumer;

import org.jspecify.annotations.NullMarked;
