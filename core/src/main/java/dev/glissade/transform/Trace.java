package dev.glissade.transform;

import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.Step;
import dev.glissade.Tree;
import dev.glissade.tree.Check;

/**
 * Momentum: {@code t <- g + decay t}; updates {@code t}, or with Nesterov {@code g + decay t}
 * again.
 */
public record Trace(double decay, boolean nesterov)
    implements GradientTransformation<Trace.TraceState> {

  public record TraceState(Tree trace) {}

  public Trace {
    Check.notNegative("decay", decay);
  }

  @Override
  public TraceState initial(Tree params) {
    return new TraceState(params.zeros());
  }

  @Override
  public Step<TraceState> step(Tree g, TraceState state, Tree params, Extras extras) {
    Tree t = g.plus(state.trace().times(decay));
    return Step.of(nesterov ? g.plus(t.times(decay)) : t, new TraceState(t));
  }
}
