@NullMarked
package dev.glissade.fuse.graph;

import org.jspecify.annotations.NullMarked;
