/** State that is opened to the library. */
@NullMarked
package dev.glissade.consumer.open;

import org.jspecify.annotations.NullMarked;
