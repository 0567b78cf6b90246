/**
 * The tape: the straight-line program of a loop, how it is cut into loops that the compiler
 * vectorizes (fission, spills), and the order in which ranges and lanes visit the elements. The
 * planner builds tapes; the kernels take sections and ranges. A new kind of instruction is a record
 * in {@link Tape} with a weight in {@link Section}.
 */
@NullMarked
package dev.glissade.fuse.tape;

import org.jspecify.annotations.NullMarked;
