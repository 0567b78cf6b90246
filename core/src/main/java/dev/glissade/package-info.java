/**
 * Trees with deferred arithmetic, and gradient transformations over them.
 *
 * <p>Start with an optimizer of {@code dev.glissade.optimizer.Optimizers} or {@code
 * dev.glissade.contrib.Contrib}, a {@link dev.glissade.Tree} of parameters and a {@link
 * dev.glissade.Stepper}.
 */
@NullMarked
package dev.glissade;

import org.jspecify.annotations.NullMarked;
