/**
 * Every optimizer of Glissade for models that are trained with DJL (ai.djl): {@link
 * dev.glissade.djl.GlissadeTrainer} in place of DJL's trainer, or {@link
 * dev.glissade.djl.GlissadeOptimizer} in its configuration.
 */
@NullMarked
package dev.glissade.djl;

import org.jspecify.annotations.NullMarked;
