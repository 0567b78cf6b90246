package dev.glissade.transform;

import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.Step;
import dev.glissade.Tree;
import dev.glissade.records.Check;
import dev.glissade.withers.Withers;

/**
 * Momentum: {@code t <- g + decay t}; updates {@code t}, or with Nesterov {@code g + decay t}
 * again.
 *
 * @param decay the weight of the old trace
 * @param nesterov whether to use Nesterov momentum
 */
@Withers
public record Trace(double decay, boolean nesterov)
    implements GradientTransformation<Trace.TraceState>, TraceWithers {

  public record TraceState(Tree trace) {}

  public Trace {
    Check.notNegative("decay", decay);
  }

  /** Returns plain momentum, not Nesterov's. */
  public static Trace of(double decay) {
    return new Trace(decay, false);
  }

  @Override
  public TraceState initialState(Tree params) {
    return new TraceState(params.zeros());
  }

  @Override
  public Step<TraceState> step(Tree g, TraceState state, Tree params, Extras extras) {
    Tree t = added(g, state.trace());
    return Step.of(nesterov ? added(g, t) : t, new TraceState(t));
  }

  /** g + decay t; with a decay of 0 nothing of t, whatever it is */
  private Tree added(Tree g, Tree t) {
    return decay == 0 ? g.as(g.structure().computed()) : g.plus(t.times(decay));
  }
}
