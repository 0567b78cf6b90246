/** A program that uses the library from a module of its own. */
@NullMarked
package dev.glissade.consumer;

import org.jspecify.annotations.NullMarked;
