package dev.glissade.djl;

import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.Step;
import dev.glissade.Tree;

/** The inner transformation of sums over so many parts, made means; with the inner one's state. */
record Averaged<S>(GradientTransformation<S> inner, int parts)
    implements GradientTransformation<S> {

  @Override
  public S initialState(Tree params) {
    return inner.initialState(params);
  }

  @Override
  public Step<S> step(Tree sums, S state, Tree params, Extras extras) {
    Tree means = parts == 1 ? sums : sums.times(1.0 / parts);
    return inner.step(means, state, params, extras);
  }

  @Override
  public boolean perExample() {
    return inner.perExample();
  }
}
