package dev.glissade.transform;

import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.Step;
import dev.glissade.Tree;
import dev.glissade.records.Check;
import dev.glissade.withers.Withers;

/**
 * Scales gradients as Adadelta does: by the ratio of the root mean squares of updates and of
 * gradients, so that updates have the unit of the parameters (Zeiler, "ADADELTA: An Adaptive
 * Learning Rate Method", 2012, arXiv 1212.5701):
 *
 * <pre>{@code
 * eG <- rho eG + (1 - rho) g^2        u = sqrt(eX + eps) / sqrt(eG + eps) g
 * eX <- rho eX + (1 - rho) u^2
 * }</pre>
 *
 * <p>Updates point uphill, as gradients do, so chain a {@link ScaleByLearningRate} after it, or use
 * {@code Optimizers.adadelta}. The first updates have the size of sqrt(eps).
 *
 * <p>Differs from Optax in that gradients are {@linkplain Tree#squarable made squarable}, so that a
 * huge one does not overflow, that means of 16-bit parameters are float32, and that it refuses eps
 * = 0, with which nothing ever moves.
 *
 * <p>Takes real leaves of any type. It refuses complex ones: wrap the optimizer in {@code
 * splitRealAndImaginary}.
 *
 * @param rho decay of both means, in [0, 1)
 * @param eps added under both roots, positive
 */
@Withers
public record ScaleByAdadelta(double rho, double eps)
    implements GradientTransformation<ScaleByAdadelta.ScaleByAdaDeltaState>,
        ScaleByAdadeltaWithers {

  /**
   * The state of {@link ScaleByAdadelta}; both means start at 0.
   *
   * @param eG the mean of squared gradients
   * @param eX the mean of squared updates, before the learning rate
   */
  public record ScaleByAdaDeltaState(Tree eG, Tree eX) {}

  /**
   * Checks the arguments.
   *
   * @param rho in [0, 1)
   * @param eps finite and positive
   * @throws IllegalArgumentException if an argument breaks its rule
   */
  public ScaleByAdadelta {
    Check.decay("rho", rho);
    Check.positive("eps", eps);
  }

  /**
   * Returns Adadelta's scaling with rho = 0.9 and eps = 1e-6.
   *
   * @return the transformation
   */
  public static ScaleByAdadelta defaults() {
    return new ScaleByAdadelta(0.9, 1e-6);
  }

  @Override
  public ScaleByAdaDeltaState initialState(Tree params) {
    return new ScaleByAdaDeltaState(params.zeros(), params.zeros());
  }

  @Override
  public Step<ScaleByAdaDeltaState> step(
      Tree updates, ScaleByAdaDeltaState state, Tree params, Extras extras) {
    Tree g = updates.squarable();
    Tree squares = Moments.update(state.eG(), rho, g.square());
    // u = sqrt(eX + eps) / sqrt(eG + eps) g
    Tree ratio = state.eX().plus(eps).sqrt().dividedBy(squares.plus(eps).sqrt());
    Tree u = ratio.times(g);
    Tree moved = Moments.update(state.eX(), rho, u.square());
    return Step.of(u, new ScaleByAdaDeltaState(squares, moved));
  }
}
