@NullMarked
package dev.glissade.fuse.kernel;

import org.jspecify.annotations.NullMarked;
