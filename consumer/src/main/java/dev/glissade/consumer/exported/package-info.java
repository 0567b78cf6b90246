/** A public state record in an exported package, which need not be open. */
@NullMarked
package dev.glissade.consumer.exported;

import org.jspecify.annotations.NullMarked;
