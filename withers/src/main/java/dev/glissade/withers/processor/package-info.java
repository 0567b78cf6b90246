/** The annotation processor of {@link dev.glissade.withers.Withers}. */
@NullMarked
package dev.glissade.withers.processor;

import org.jspecify.annotations.NullMarked;
