/** Measures steps against the speed of memory, hand-written loops and other libraries. */
@NullMarked
package dev.glissade.bench;

import org.jspecify.annotations.NullMarked;
