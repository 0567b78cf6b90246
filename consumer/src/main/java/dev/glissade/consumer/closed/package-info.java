/** A state record in a package that is neither exported nor open. */
@NullMarked
package dev.glissade.consumer.closed;

import org.jspecify.annotations.NullMarked;
