/** What a safetensors file holds, for people. */
@NullMarked
package dev.glissade.arena.inspect;

import org.jspecify.annotations.NullMarked;
