/**
 * Kernels: run a tape over one range of elements, with vectorized loops, loops that the compiler
 * vectorizes, or the interpreter. Tapes and arguments come in; stored elements and partial results
 * of reductions go out. A kernel for a device implements {@link Kernel}; {@link Kernels} chooses
 * it.
 */
@NullMarked
package dev.glissade.fuse.kernel;

import org.jspecify.annotations.NullMarked;
