@NullMarked
package dev.glissade.fuse.memory;

import org.jspecify.annotations.NullMarked;
