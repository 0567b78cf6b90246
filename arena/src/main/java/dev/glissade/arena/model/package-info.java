/**
 * Softmax regression and multilayer perceptrons over named float arrays, with gradients.
 *
 * <p>{@link dev.glissade.arena.model.Model} is the way in.
 */
@NullMarked
package dev.glissade.arena.model;

import org.jspecify.annotations.NullMarked;
