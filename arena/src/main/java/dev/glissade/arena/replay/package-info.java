/** Replays recorded cases and compares params and states with the original, step by step. */
@NullMarked
package dev.glissade.arena.replay;

import org.jspecify.annotations.NullMarked;
