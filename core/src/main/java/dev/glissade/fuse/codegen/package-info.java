@NullMarked
package dev.glissade.fuse.codegen;

import org.jspecify.annotations.NullMarked;
