/** Files of trained models, and predictions with them. */
@NullMarked
package dev.glissade.arena.use;

import org.jspecify.annotations.NullMarked;
