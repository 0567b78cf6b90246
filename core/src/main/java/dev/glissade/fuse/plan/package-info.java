/**
 * The planner: lowers a graph to a program of segments and stages. It decides what each pass over
 * memory reads, stores and reduces, and builds the tape of each loop. Graphs come in, {@link
 * Program}s of {@link Stage}s and {@link Loop}s go out.
 */
@NullMarked
package dev.glissade.fuse.plan;

import org.jspecify.annotations.NullMarked;
