/** JSON, read and written in one way by this library and its program. Not for use from outside. */
@NullMarked
package dev.glissade.checkpoint.json;

import org.jspecify.annotations.NullMarked;
