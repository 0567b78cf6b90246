/** The base optimizers: chains with names. {@link dev.glissade.optimizer.Optimizers} lists them. */
@NullMarked
package dev.glissade.optimizer;

import org.jspecify.annotations.NullMarked;
