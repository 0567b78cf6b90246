/**
 * The runtime: binds programs to data, runs host steps and passes on threads, and finishes a range
 * without memory. Targets come in; planes, scalars, keys and reports of passes go out. A kernel for
 * a device, or memory outside of the JVM, adds a choice to {@link LoopRunner} of how a kernel
 * accesses the bound arrays.
 */
@NullMarked
package dev.glissade.fuse.run;

import org.jspecify.annotations.NullMarked;
