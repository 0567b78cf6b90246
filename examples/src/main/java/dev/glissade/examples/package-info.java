/** Short programs to learn from: one idea each, with the public API alone. */
@NullMarked
package dev.glissade.examples;

import org.jspecify.annotations.NullMarked;
