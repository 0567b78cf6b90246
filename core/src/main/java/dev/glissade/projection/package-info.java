/**
 * Projections to convex sets and spheres: the nearest point of a set. {@link
 * dev.glissade.projection.Projections} is the index; {@code Transforms.keepParamsIn} projects the
 * parameters after each step.
 */
@NullMarked
package dev.glissade.projection;

import org.jspecify.annotations.NullMarked;
