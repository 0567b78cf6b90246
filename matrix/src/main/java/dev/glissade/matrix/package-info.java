/** Products of dense row-major matrices, by OpenBLAS or in Java, and algorithms that use them. */
@NullMarked
package dev.glissade.matrix;

import org.jspecify.annotations.NullMarked;
