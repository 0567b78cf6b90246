package dev.glissade.transform;

import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.Scalar;
import dev.glissade.Step;
import dev.glissade.Tree;
import dev.glissade.records.Check;
import dev.glissade.withers.Withers;

/**
 * Exponential moving average: {@code e <- decay e + (1 - decay) g}; updates {@code e / (1 -
 * decay^t)} if debiased, else {@code e}.
 *
 * @param decay the weight of the old average, in [0, 1)
 * @param debias whether the average is divided by 1 - decay^t
 */
@Withers
public record Ema(double decay, boolean debias)
    implements GradientTransformation<Ema.EmaState>, EmaWithers {

  public record EmaState(Scalar count, Tree ema) {}

  public Ema {
    Check.decay("decay", decay);
  }

  /** Returns a debiased average. */
  public static Ema of(double decay) {
    return new Ema(decay, true);
  }

  @Override
  public EmaState initialState(Tree params) {
    return new EmaState(Scalar.of(0), params.zeros());
  }

  @Override
  public Step<EmaState> step(Tree g, EmaState state, Tree params, Extras extras) {
    Scalar t = state.count().plus(1);
    Tree e = Moments.mean(state.ema(), decay, g);
    return Step.of(debias ? Moments.debiased(e, decay, t) : e, new EmaState(t, e));
  }
}
