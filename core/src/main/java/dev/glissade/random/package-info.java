/** Random numbers from keys and counters: no generator has a state, every draw is a function. */
@NullMarked
package dev.glissade.random;

import org.jspecify.annotations.NullMarked;
