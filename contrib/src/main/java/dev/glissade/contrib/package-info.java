/**
 * Algorithms beyond the base optimizers, one paper per file. {@link dev.glissade.contrib.Contrib}
 * is the index.
 */
@NullMarked
package dev.glissade.contrib;

import org.jspecify.annotations.NullMarked;
