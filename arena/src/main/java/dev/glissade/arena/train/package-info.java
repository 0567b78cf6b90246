/**
 * Training runs: optimizers by name, learning rate schedules, the loop, and several runs at once.
 *
 * <p>{@link dev.glissade.arena.train.Experiment} is the way in.
 */
@NullMarked
package dev.glissade.arena.train;

import org.jspecify.annotations.NullMarked;
