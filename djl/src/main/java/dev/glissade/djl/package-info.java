/**
 * Glissade's optimizers for models trained with DJL (ai.djl): {@link
 * dev.glissade.djl.GlissadeTrainer} replaces DJL's trainer, or {@link
 * dev.glissade.djl.GlissadeOptimizer} goes into its configuration.
 */
@NullMarked
package dev.glissade.djl;

import org.jspecify.annotations.NullMarked;
