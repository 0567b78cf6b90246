/**
 * Softmax regression and multilayer perceptrons over named float arrays, with gradients.
 *
 * <p>Start at {@link dev.glissade.arena.model.Model}.
 */
@NullMarked
package dev.glissade.arena.model;

import org.jspecify.annotations.NullMarked;
