/** Summaries of safetensors files. */
@NullMarked
package dev.glissade.arena.inspect;

import org.jspecify.annotations.NullMarked;
