/**
 * The base optimizers: chains of transformations with names and documented defaults. {@link
 * dev.glissade.optimizer.Optimizers} is the index.
 */
@NullMarked
package dev.glissade.optimizer;

import org.jspecify.annotations.NullMarked;
