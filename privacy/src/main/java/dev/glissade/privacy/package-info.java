/** Training of which an epsilon can be stated: sampling, clipping, secret noise, one budget. */
@NullMarked
package dev.glissade.privacy;

import org.jspecify.annotations.NullMarked;
