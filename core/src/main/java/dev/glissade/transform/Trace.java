package dev.glissade.transform;

import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.Step;
import dev.glissade.Tree;
import dev.glissade.records.Check;
import dev.glissade.withers.Withers;

/**
 * Momentum: keeps a decaying sum of gradients (Sutskever et al., "On the importance of
 * initialization and momentum in deep learning", 2013):
 *
 * <pre>{@code
 * t <- g + decay t        u = t, or with Nesterov: u = g + decay t
 * }</pre>
 *
 * <p>This is a sum, not a mean: of constant gradients it grows to g / (1 - decay). For a mean use
 * {@link Ema}. A decay of 0 ignores the old trace, even where it is infinite or NaN. The trace of
 * 16-bit updates is float32; Optax's {@code accumulator_dtype} is missing.
 *
 * @param decay weight of the old trace, not negative
 * @param nesterov whether to use Nesterov momentum
 */
@Withers
public record Trace(double decay, boolean nesterov)
    implements GradientTransformation<Trace.TraceState>, TraceWithers {

  /**
   * The state of {@link Trace}.
   *
   * @param trace the decaying sum of gradients, which starts at 0
   */
  public record TraceState(Tree trace) {}

  /**
   * Checks the arguments.
   *
   * @param decay finite and not negative
   * @param nesterov true or false
   * @throws IllegalArgumentException if decay is negative or not finite
   */
  public Trace {
    Check.notNegative("decay", decay);
  }

  /**
   * Returns plain momentum, without Nesterov's.
   *
   * @param decay weight of the old trace, not negative
   * @return the transformation
   * @throws IllegalArgumentException if decay is negative or not finite
   */
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

  /** Returns g + decay t; with a decay of 0 t does not matter, even if it is NaN. */
  private Tree added(Tree g, Tree t) {
    return decay == 0 ? g.as(g.structure().computed()) : g.plus(t.times(decay));
  }
}
