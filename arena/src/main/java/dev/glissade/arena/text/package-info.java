/** Makes foreign text visible, harmless and short. */
@NullMarked
package dev.glissade.arena.text;

import org.jspecify.annotations.NullMarked;
