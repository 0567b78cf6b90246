/** JSON, read and written by this library and its program in one way. Internal. */
@NullMarked
package dev.glissade.checkpoint.json;

import org.jspecify.annotations.NullMarked;
