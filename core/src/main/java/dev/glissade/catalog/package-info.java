/** Optimizers and schedules as data: names, arguments, defaults, and plain values for JSON. */
@NullMarked
package dev.glissade.catalog;

import org.jspecify.annotations.NullMarked;
