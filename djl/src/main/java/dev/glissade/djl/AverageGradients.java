package dev.glissade.djl;

import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.Step;
import dev.glissade.Tree;

/**
 * Divides gradients by the number of parts that they are sums over, for an inner transformation,
 * whose state it has.
 */
record AverageGradients<S>(GradientTransformation<S> inner, int parts)
    implements GradientTransformation<S> {

  @Override
  public S initialState(Tree params) {
    return inner.initialState(params);
  }

  @Override
  public Step<S> step(Tree sums, S state, Tree params, Extras extras) {
    Tree gradients = mean(sums, parts);
    Extras more = extras.has("grad") ? extras.with("grad", gradients) : extras;
    return inner.step(gradients, state, params, more);
  }

  @Override
  public Tree evalParams(S state, Tree params) {
    return inner.evalParams(state, params);
  }

  static Tree mean(Tree sums, int parts) {
    return parts == 1 ? sums : sums.times(1.0 / parts);
  }

  @Override
  public boolean perExample() {
    return inner.perExample();
  }
}
