@NullMarked
package dev.glissade.fuse.plan;

import org.jspecify.annotations.NullMarked;
