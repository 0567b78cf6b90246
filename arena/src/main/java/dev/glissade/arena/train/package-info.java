/**
 * Training runs: optimizers by name, learning rate schedules, the training loop, several runs at
 * once.
 *
 * <p>Start at {@link dev.glissade.arena.train.Experiment}.
 */
@NullMarked
package dev.glissade.arena.train;

import org.jspecify.annotations.NullMarked;
