/**
 * Memory: flat planes of numbers, their element types, and the layout of a tree's planes. Callers
 * hand in arrays and buffers; all other packages read and write them here. A new dtype, such as
 * 16-bit moments need, is an {@link Element}; memory that the JVM does not manage gets its access
 * in {@link Plane}.
 */
@NullMarked
package dev.glissade.fuse.memory;

import org.jspecify.annotations.NullMarked;
