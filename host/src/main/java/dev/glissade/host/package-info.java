/**
 * What adapters to frameworks share: {@link dev.glissade.host.ModelStepper} steps the parameters of
 * a model where its framework keeps them. For an adapter to a framework of your own, describe its
 * parameters ({@link dev.glissade.host.HostParameter}) and gradients ({@link
 * dev.glissade.host.HostGradients}).
 */
@NullMarked
package dev.glissade.host;

import org.jspecify.annotations.NullMarked;
