/** The program: {@code compare}, {@code train}, {@code replay} and {@code optimizers}. */
@NullMarked
package dev.glissade.arena;

import org.jspecify.annotations.NullMarked;
