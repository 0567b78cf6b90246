/** Glissade's optimizers for the networks of Deeplearning4j. */
@NullMarked
package dev.glissade.dl4j;

import org.jspecify.annotations.NullMarked;
