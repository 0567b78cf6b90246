/**
 * Code generation: writes a section of a tape as a hidden class that loops over the pieces of a
 * range. Sections come in, {@link GeneratedLoop}s go out. An operation, dtype or reduction that
 * loops should support gets its instructions in the element and vector writers; per-axis reductions
 * with broadcasting add a loop writer.
 */
@NullMarked
package dev.glissade.fuse.codegen;

import org.jspecify.annotations.NullMarked;
