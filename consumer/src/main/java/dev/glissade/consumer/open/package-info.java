/** A state record in a package that is open to the library. */
@NullMarked
package dev.glissade.consumer.open;

import org.jspecify.annotations.NullMarked;
