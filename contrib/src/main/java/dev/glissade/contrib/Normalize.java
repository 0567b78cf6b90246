package dev.glissade.contrib;

import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.Step;
import dev.glissade.Tree;

/**
 * Divides updates by the norm of the whole tree: {@code u = g / ||g||}.
 *
 * <p>Part of SAM's adversary: {@code chain(normalize(), sgd(rho))} steps by exactly rho. A zero
 * gradient stays zero, where Optax gives NaN, and the norm does not overflow.
 */
public record Normalize() implements GradientTransformation<Normalize.NormalizeState> {

  /** The empty state of {@link Normalize}. */
  public record NormalizeState() {}

  @Override
  public NormalizeState initialState(Tree params) {
    return new NormalizeState();
  }

  @Override
  public Step<NormalizeState> step(Tree g, NormalizeState state, Tree params, Extras extras) {
    return Step.of(g.normalized(), state);
  }
}
