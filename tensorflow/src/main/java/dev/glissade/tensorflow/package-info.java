/** Glissade's optimizers for graphs of TensorFlow-Java. */
@NullMarked
package dev.glissade.tensorflow;

import org.jspecify.annotations.NullMarked;
