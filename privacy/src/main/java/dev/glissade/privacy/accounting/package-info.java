/** Accounting of what steps with clipped gradients and Gaussian noise reveal about one example. */
@NullMarked
package dev.glissade.privacy.accounting;

import org.jspecify.annotations.NullMarked;
