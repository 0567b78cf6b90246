/** What privacy a training run with clipped gradients and Gaussian noise can state. */
@NullMarked
package dev.glissade.privacy;

import org.jspecify.annotations.NullMarked;
