/** Recorded cases run again: parameters and states of the original, step by step. */
@NullMarked
package dev.glissade.arena.replay;

import org.jspecify.annotations.NullMarked;
