/** Short programs to learn from: one idea each, from the public interface alone. */
@NullMarked
package dev.glissade.examples;

import org.jspecify.annotations.NullMarked;
