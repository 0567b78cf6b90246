package dev.glissade.transform;

import dev.glissade.Stateless;
import dev.glissade.Tree;
import dev.glissade.projection.Projection;
import dev.glissade.withers.Withers;

/**
 * Keeps parameters in a set: projects them back after each step, so that the whole chain is
 * projected gradient descent.
 *
 * <pre>{@code
 * u = P(x + g) - x
 * }</pre>
 *
 * <p>Put it last in a chain, since what comes after it changes the update again: {@code
 * chain(sgd(0.1), keepParamsIn(Projections.simplex(1)))}. The parameters need not be in the set at
 * the start. After a step they are in it but for rounding, to the type of the parameters. To
 * constrain some leaves only, wrap it in {@code masked}, which projects these leaves as one vector.
 *
 * <p>Keeps no state. Optax has the projections, but no such transformation.
 *
 * @param projection the projection to the set
 */
@Withers
public record KeepParamsIn(Projection projection) implements Stateless, KeepParamsInWithers {
  @Override
  public Tree step(Tree g, Tree x) {
    // u = P(x + g) - x
    return projection.of(x.plus(g)).minus(x);
  }
}
