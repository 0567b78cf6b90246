/** Measures steps against the memory's speed, hand-written loops and other libraries. */
@NullMarked
package dev.glissade.bench;

import org.jspecify.annotations.NullMarked;
