@NullMarked
package dev.glissade.fuse.tape;

import org.jspecify.annotations.NullMarked;
