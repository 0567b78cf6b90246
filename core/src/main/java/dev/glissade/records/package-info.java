/** Records as trees: how states of any shape are walked, rebuilt and named. */
@NullMarked
package dev.glissade.records;

import org.jspecify.annotations.NullMarked;
