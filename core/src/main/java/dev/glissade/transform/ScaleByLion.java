package dev.glissade.transform;

import dev.glissade.DType;
import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.Scalar;
import dev.glissade.Step;
import dev.glissade.Tree;
import dev.glissade.records.Check;
import dev.glissade.withers.Withers;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Replaces gradients by the sign of their momentum, as Lion does (Chen et al., "Symbolic Discovery
 * of Optimization Algorithms", 2023, arXiv 2302.06675):
 *
 * <pre>{@code
 * z = b1 mu + (1 - b1) g              mu <- b2 mu + (1 - b2) g
 * hard:     u = sign(z)               smooth:  u = tanh(smoothBeta z)
 * refined:  u = max(-1, min(z, 1))
 * }</pre>
 *
 * <p>The sign of 0 is 0. The paper's mode is hard. The others are Optax's and don't jump where z
 * changes its sign; their updates depend on the scale of gradients.
 *
 * <p>Differs from Optax in that gradients are {@linkplain Tree#squarable made squarable}, so that
 * means of huge ones do not overflow. Momentum of type muDtype is rounded once, when it is stored.
 *
 * <p>Takes real leaves of any type. It refuses complex ones: wrap the optimizer in {@code
 * splitRealAndImaginary}.
 *
 * @param b1 weight of the momentum in the sign, in [0, 1)
 * @param b2 decay of the momentum, in [0, 1)
 * @param muDtype the type in which the momentum is stored, not complex; null for the type in which
 *     the parameters are computed
 * @param mode what becomes of z
 * @param smoothBeta steepness of the smooth mode, positive; without effect in others
 */
@Withers
public record ScaleByLion(
    double b1, double b2, @Nullable DType muDtype, LionMode mode, double smoothBeta)
    implements GradientTransformation<ScaleByLion.ScaleByLionState>, ScaleByLionWithers {

  /** What becomes of the momentum in updates. Its text form is in lower case, as in Optax. */
  public enum LionMode {
    /** The sign. */
    HARD,
    /** The hyperbolic tangent. */
    SMOOTH,
    /** The number itself, bounded by -1 and 1. */
    REFINED;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

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
   * @param muDtype a real type, or null
   * @param mode any mode
   * @param smoothBeta finite and positive
   * @throws IllegalArgumentException if an argument breaks its rule
   */
  public ScaleByLion {
    Check.decay("b1", b1);
    Check.decay("b2", b2);
    Moments.checkStorage("muDtype", muDtype);
    Check.positive("smoothBeta", smoothBeta);
  }

  /**
   * Returns Lion's scaling with b1 = 0.9, b2 = 0.99 and hard signs; smoothBeta is 1.
   *
   * @return the transformation
   */
  public static ScaleByLion defaults() {
    return new ScaleByLion(0.9, 0.99, null, LionMode.HARD, 1);
  }

  @Override
  public ScaleByLionState initialState(Tree params) {
    return new ScaleByLionState(Scalar.of(0), Moments.stored(params.zeros(), muDtype));
  }

  @Override
  public Step<ScaleByLionState> step(
      Tree updates, ScaleByLionState state, Tree params, Extras extras) {
    Tree g = updates.squarable();
    Tree before = Moments.computed(state.mu(), g);
    Tree z = Moments.update(before, b1, g);
    Tree mu = Moments.stored(Moments.update(before, b2, g), muDtype);
    return Step.of(directed(z), new ScaleByLionState(state.count().plus(1), mu));
  }

  private Tree directed(Tree z) {
    return switch (mode) {
      case HARD -> z.sign();
      case SMOOTH -> z.times(smoothBeta).tanh();
      case REFINED -> z.max(-1).min(1);
    };
  }
}
