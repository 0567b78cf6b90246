/**
 * Single steps that optimizers are chained of. {@link dev.glissade.transform.Transforms} lists
 * them, and the combinators of {@link dev.glissade.combine} with them.
 */
@NullMarked
package dev.glissade.transform;

import org.jspecify.annotations.NullMarked;
