/** Scores of predictions: of classes with their probabilities, and of numbers. */
@NullMarked
package dev.glissade.arena.score;

import org.jspecify.annotations.NullMarked;
