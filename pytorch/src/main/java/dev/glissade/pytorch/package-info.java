/** Glissade's optimizers for libtorch in Java (org.bytedeco:pytorch). */
@NullMarked
package dev.glissade.pytorch;

import org.jspecify.annotations.NullMarked;
