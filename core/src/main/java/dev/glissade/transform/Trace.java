package dev.glissade.transform;

import dev.glissade.DType;
import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.Step;
import dev.glissade.Tree;
import dev.glissade.records.Check;
import dev.glissade.withers.Withers;
import org.jspecify.annotations.Nullable;

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
 * 16-bit updates is float32. A trace of type accumulatorDtype is rounded once, when it is stored.
 *
 * @param decay weight of the old trace, not negative
 * @param nesterov whether to use Nesterov momentum
 * @param accumulatorDtype the type in which the trace is stored, not complex; null for the type in
 *     which the updates are computed
 */
@Withers
public record Trace(double decay, boolean nesterov, @Nullable DType accumulatorDtype)
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
   * @param accumulatorDtype a real type, or null
   * @throws IllegalArgumentException if an argument breaks its rule
   */
  public Trace {
    Check.notNegative("decay", decay);
    Moments.checkStorage("accumulatorDtype", accumulatorDtype);
  }

  /**
   * Returns plain momentum, without Nesterov's.
   *
   * @param decay weight of the old trace, not negative
   * @return the transformation
   * @throws IllegalArgumentException if decay is negative or not finite
   */
  public static Trace of(double decay) {
    return new Trace(decay, false, null);
  }

  @Override
  public TraceState initialState(Tree params) {
    return new TraceState(Moments.stored(params.zeros(), accumulatorDtype));
  }

  @Override
  public Step<TraceState> step(Tree g, TraceState state, Tree params, Extras extras) {
    Tree t = added(g, Moments.computed(state.trace(), g));
    Tree stored = Moments.stored(t, accumulatorDtype);
    return Step.of(nesterov ? added(g, t) : t, new TraceState(stored));
  }

  /** Returns g + decay t; with a decay of 0 t does not matter, even if it is NaN. */
  private Tree added(Tree g, Tree t) {
    return decay == 0 ? g.as(g.structure().computed()) : g.plus(t.times(decay));
  }
}
