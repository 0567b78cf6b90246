/** Single steps that optimizers are chained of. */
@NullMarked
package dev.glissade.transform;

import org.jspecify.annotations.NullMarked;
