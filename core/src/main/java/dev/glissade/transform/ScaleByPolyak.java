package dev.glissade.transform;

import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.Scalar;
import dev.glissade.Stateless.EmptyState;
import dev.glissade.Step;
import dev.glissade.Tree;
import dev.glissade.records.Check;
import dev.glissade.withers.Withers;

/**
 * Multiplies gradients by Polyak's step size, the way to the least loss over the slope (Loizou,
 * Vaswani, Laradji and Lacoste-Julien, "Stochastic Polyak Step-size for SGD: An Adaptive Learning
 * Rate for Fast Convergence", 2020, arXiv 2002.10542). With f the loss before the step:
 *
 * <pre>{@code
 * u = min(max(f - fMin, 0) / (||g||^2 + eps), maxLearningRate) g
 * }</pre>
 *
 * <p>The step needs the loss: {@code stepper.step(gradients, Extras.NONE.withValue(loss))}. Updates
 * point uphill, as gradients do: use {@code Optimizers.polyakSgd}, or chain a {@code scale(-1)}
 * after it.
 *
 * <p>Differs from Optax as follows. A loss below fMin gives no step for both variants, where Optax
 * steps uphill for {@link Variant#SPS}; so they are the same here. A loss that is not finite gives
 * no step. As in Optax, a gradient with {@code ||g||^2 + eps} of at most 2.2e-16 gives none either.
 *
 * @param maxLearningRate the largest factor, positive; infinity for none
 * @param fMin the least loss that is possible
 * @param eps added to the squared norm, not negative
 * @param variant the name of the method
 */
@Withers
public record ScaleByPolyak(double maxLearningRate, double fMin, double eps, Variant variant)
    implements GradientTransformation<EmptyState>, ScaleByPolyakWithers {

  /** The distance from 1 to the next double. */
  private static final double LEAST_SLOPE = Math.ulp(1.0);

  /** The variants of Polyak's step size, which differ in Optax for a loss below fMin. */
  public enum Variant {
    /** The stochastic Polyak step size. */
    SPS("sps"),
    /**
     * Its positive part (Garrigos, Gower and Schaipp, "Function Value Learning: Adaptive Learning
     * Rates Based on the Polyak Stepsize and Function Splitting in ERM", 2023, arXiv 2307.14528).
     */
    SPS_PLUS("sps+");

    private final String text;

    Variant(String text) {
      this.text = text;
    }

    /** {@return the documented name, {@code sps} or {@code sps+}} */
    @Override
    public String toString() {
      return text;
    }
  }

  /**
   * Checks the arguments.
   *
   * @param maxLearningRate positive
   * @param fMin finite
   * @param eps finite and not negative
   * @param variant any
   * @throws IllegalArgumentException if an argument breaks its rule
   */
  public ScaleByPolyak {
    Check.that(maxLearningRate > 0, "maxLearningRate must be positive", maxLearningRate);
    Check.finite("fMin", fMin);
    Check.notNegative("eps", eps);
  }

  /**
   * Returns Polyak's step size with maxLearningRate = 1, fMin = 0, eps = 0 and variant SPS.
   *
   * @return the transformation
   */
  public static ScaleByPolyak defaults() {
    return new ScaleByPolyak(1, 0, 0, Variant.SPS);
  }

  @Override
  public EmptyState initialState(Tree params) {
    return new EmptyState();
  }

  @Override
  public Step<EmptyState> step(Tree g, EmptyState state, Tree params, Extras extras) {
    Scalar value = extras.value();
    Scalar norm = g.norm();
    // min(max(f - fMin, 0) / (||g||^2 + eps), maxLearningRate)
    Scalar slope = norm.times(norm).plus(eps);
    Scalar way = value.minus(fMin).max(0);
    Scalar step = way.dividedBy(slope).min(maxLearningRate);
    Scalar moves = value.isFinite().and(slope.greaterThan(LEAST_SLOPE));
    return Step.of(g.times(moves.choose(step, Scalar.of(0))), state);
  }
}
