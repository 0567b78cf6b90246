/** State that is neither exported nor opened. */
@NullMarked
package dev.glissade.consumer.closed;

import org.jspecify.annotations.NullMarked;
