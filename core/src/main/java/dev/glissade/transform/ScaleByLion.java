package dev.glissade.transform;

import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.Scalar;
import dev.glissade.Step;
import dev.glissade.Tree;
import dev.glissade.records.Check;
import dev.glissade.withers.Withers;

/**
 * Lion (Chen et al. 2023): updates {@code sign((1-b1) g + b1 mu)}, then {@code mu <- b2 mu + (1-b2)
 * g}. Gradients are {@linkplain Tree#squarable made squarable}.
 *
 * @param b1 the weight of the momentum in the sign, in [0, 1)
 * @param b2 decay of the momentum, in [0, 1)
 */
@Withers
public record ScaleByLion(double b1, double b2)
    implements GradientTransformation<ScaleByLion.ScaleByLionState>, ScaleByLionWithers {

  public record ScaleByLionState(Scalar count, Tree mu) {}

  public ScaleByLion {
    Check.decay("b1", b1);
    Check.decay("b2", b2);
  }

  /** Returns Lion with b1 = 0.9, b2 = 0.99. */
  public static ScaleByLion defaults() {
    return new ScaleByLion(0.9, 0.99);
  }

  @Override
  public ScaleByLionState initialState(Tree params) {
    return new ScaleByLionState(Scalar.of(0), params.zeros());
  }

  @Override
  public Step<ScaleByLionState> step(
      Tree updates, ScaleByLionState state, Tree params, Extras extras) {
    Tree g = updates.squarable();
    Tree sign = Moments.update(state.mu(), b1, g).sign();
    Tree mu = Moments.update(state.mu(), b2, g);
    return Step.of(sign, new ScaleByLionState(state.count().plus(1), mu));
  }
}
