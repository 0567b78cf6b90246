/**
 * Random numbers from keys and counters: generators have no state, every draw is a pure function.
 */
@NullMarked
package dev.glissade.random;

import org.jspecify.annotations.NullMarked;
