/** The {@code glissade} program and its commands. */
@NullMarked
package dev.glissade.arena;

import org.jspecify.annotations.NullMarked;
