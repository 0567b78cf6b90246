/** Glissade's optimizers for models that Tribuo trains by gradients. */
@NullMarked
package dev.glissade.tribuo;

import org.jspecify.annotations.NullMarked;
