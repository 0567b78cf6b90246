/** Training with a stated epsilon: sampling, clipping, secret noise and a budget. */
@NullMarked
package dev.glissade.privacy;

import org.jspecify.annotations.NullMarked;
