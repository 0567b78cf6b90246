package dev.glissade.transform;

import dev.glissade.DType;
import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.Scalar;
import dev.glissade.Step;
import dev.glissade.Tree;
import dev.glissade.records.Check;
import dev.glissade.withers.Withers;
import org.jspecify.annotations.Nullable;

/**
 * Replaces updates by their exponential moving average:
 *
 * <pre>{@code
 * e <- decay e + (1 - decay) g        u = e / (1 - decay^t) if debiased, else e
 * }</pre>
 *
 * <p>with t the number of this step from 1. Differs from Optax in that averaging finite numbers of
 * opposite signs does not overflow, and that the average of 16-bit updates is float32. An average
 * of type accumulatorDtype is rounded once, when it is stored.
 *
 * @param decay weight of the old average, in [0, 1)
 * @param debias whether to divide by {@code 1 - decay^t}, because the average starts at 0
 * @param accumulatorDtype the type in which the average is stored, not complex; null for the type
 *     in which the updates are computed
 */
@Withers
public record Ema(double decay, boolean debias, @Nullable DType accumulatorDtype)
    implements GradientTransformation<Ema.EmaState>, EmaWithers {

  /**
   * The state of {@link Ema}.
   *
   * @param count the number of steps taken
   * @param ema the average, not debiased
   */
  public record EmaState(Scalar count, Tree ema) {}

  /**
   * Checks the arguments.
   *
   * @param decay in [0, 1)
   * @param debias true or false
   * @param accumulatorDtype a real type, or null
   * @throws IllegalArgumentException if an argument breaks its rule
   */
  public Ema {
    Check.decay("decay", decay);
    Moments.checkStorage("accumulatorDtype", accumulatorDtype);
  }

  /**
   * Returns a debiased average.
   *
   * @param decay weight of the old average, in [0, 1)
   * @return the transformation
   * @throws IllegalArgumentException if decay is not in [0, 1)
   */
  public static Ema of(double decay) {
    return new Ema(decay, true, null);
  }

  @Override
  public EmaState initialState(Tree params) {
    return new EmaState(Scalar.of(0), Moments.stored(params.zeros(), accumulatorDtype));
  }

  @Override
  public Step<EmaState> step(Tree g, EmaState state, Tree params, Extras extras) {
    Scalar t = state.count().plus(1);
    Tree e = Moments.mean(Moments.computed(state.ema(), g), decay, g);
    Tree stored = Moments.stored(e, accumulatorDtype);
    return Step.of(debias ? Moments.debiased(e, decay, t) : e, new EmaState(t, stored));
  }
}
