/**
 * Memory: flat planes of numbers, their element types, and the layout of a tree's planes. Callers
 * hand in arrays and buffers; the other packages read and write them through planes. A new stored
 * dtype, of moments for example, is an {@link Element}; memory outside of the JVM gets its access
 * in {@link Plane}.
 */
@NullMarked
package dev.glissade.fuse.memory;

import org.jspecify.annotations.NullMarked;
