/** What steps with clipped gradients and Gaussian noise reveal of a single example. */
@NullMarked
package dev.glissade.privacy.accounting;

import org.jspecify.annotations.NullMarked;
