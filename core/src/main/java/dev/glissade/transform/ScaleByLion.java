package dev.glissade.transform;

import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.Scalar;
import dev.glissade.Step;
import dev.glissade.Tree;
import dev.glissade.records.Check;
import dev.glissade.withers.Withers;

/**
 * Replaces gradients by the sign of their momentum, as Lion does (Chen et al., "Symbolic Discovery
 * of Optimization Algorithms", 2023, arXiv 2302.06675):
 *
 * <pre>{@code
 * u = sign(b1 mu + (1 - b1) g)        mu <- b2 mu + (1 - b2) g
 * }</pre>
 *
 * <p>The sign of 0 is 0. Gradients are {@linkplain Tree#squarable made squarable}, so that means of
 * huge ones do not overflow; Optax leaves them as they are. Optax's {@code mu_dtype} and its smooth
 * modes are missing.
 *
 * <p>Takes real leaves of any type. It refuses complex ones: wrap the optimizer in {@code
 * splitRealAndImaginary}.
 *
 * @param b1 weight of the momentum in the sign, in [0, 1)
 * @param b2 decay of the momentum, in [0, 1)
 */
@Withers
public record ScaleByLion(double b1, double b2)
    implements GradientTransformation<ScaleByLion.ScaleByLionState>, ScaleByLionWithers {

  /**
   * The state of {@link ScaleByLion}; the momentum starts at 0.
   *
   * @param count the number of steps taken
   * @param mu the momentum
   */
  public record ScaleByLionState(Scalar count, Tree mu) {}

  /**
   * Checks the arguments.
   *
   * @param b1 in [0, 1)
   * @param b2 in [0, 1)
   * @throws IllegalArgumentException if an argument breaks its rule
   */
  public ScaleByLion {
    Check.decay("b1", b1);
    Check.decay("b2", b2);
  }

  /**
   * Returns Lion's scaling with b1 = 0.9 and b2 = 0.99.
   *
   * @return the transformation
   */
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
