/**
 * The building blocks from which optimizers are chained. {@link dev.glissade.transform.Transforms}
 * is the index, also of the combinators in {@link dev.glissade.combine}.
 */
@NullMarked
package dev.glissade.transform;

import org.jspecify.annotations.NullMarked;
