/**
 * Glissade's optimizers for the networks of Deeplearning4j: {@link
 * dev.glissade.dl4j.GlissadeUpdater#attach(org.deeplearning4j.nn.multilayer.MultiLayerNetwork,
 * dev.glissade.GradientTransformation)} makes one the updater of a network.
 */
@NullMarked
package dev.glissade.dl4j;

import org.jspecify.annotations.NullMarked;
