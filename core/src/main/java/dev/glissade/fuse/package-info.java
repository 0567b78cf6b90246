/**
 * The engine: it takes graphs of deferred arithmetic over flat planes of numbers, cuts them into
 * the fewest passes over memory that it can prove, and runs each pass. It knows nothing of paths,
 * shapes or records.
 */
@NullMarked
package dev.glissade.fuse;

import org.jspecify.annotations.NullMarked;
