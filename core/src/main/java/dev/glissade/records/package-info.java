/** Treats records as trees: walks, rebuilds and names the parts of states of any shape. */
@NullMarked
package dev.glissade.records;

import org.jspecify.annotations.NullMarked;
