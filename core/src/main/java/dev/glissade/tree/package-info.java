/** Records as trees: how states of any shape are walked, rebuilt and named. */
@NullMarked
package dev.glissade.tree;

import org.jspecify.annotations.NullMarked;
