package dev.glissade.contrib;

import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.Step;
import dev.glissade.Tree;

/**
 * Divides by the norm of the whole tree: {@code g / ||g||}. A zero gradient stays zero, where the
 * original gives NaN.
 */
public record Normalize() implements GradientTransformation<Normalize.NormalizeState> {

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
