/**
 * Algorithms beyond the base optimizers, one paper one file; {@link dev.glissade.contrib.Contrib}
 * is the index of them.
 */
@NullMarked
package dev.glissade.contrib;

import org.jspecify.annotations.NullMarked;
