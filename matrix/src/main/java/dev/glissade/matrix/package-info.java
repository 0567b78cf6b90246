/** Products of dense row-major matrices, by OpenBLAS or in Java. */
@NullMarked
package dev.glissade.matrix;

import org.jspecify.annotations.NullMarked;
