@NullMarked
package dev.glissade.fuse.run;

import org.jspecify.annotations.NullMarked;
