package dev.glissade.optimizer;

import dev.glissade.GradientTransformation;
import dev.glissade.Schedule;
import dev.glissade.combine.Chain;
import dev.glissade.combine.Chain.ChainState;
import dev.glissade.combine.Composite;
import dev.glissade.transform.ScaleByLearningRate;
import dev.glissade.transform.ScaleByYogi;
import dev.glissade.withers.Withers;

/**
 * Yogi: Adam with a second moment that falls slowly, so that steps do not grow suddenly (Zaheer et
 * al., "Adaptive Methods for Nonconvex Optimization", NeurIPS 2018):
 *
 * <pre>{@code
 * mu <- b1 mu + (1 - b1) g            nu <- nu - (1 - b2) sign(nu - g^2) g^2
 * u = -learningRate mu / (1 - b1^t) / (sqrt(nu / (1 - b2^t)) + eps)
 * }</pre>
 *
 * <p>For sparse gradients, which Adam's second moment forgets too fast. Both moments start at 1e-6;
 * {@link ScaleByYogi} has an option for it, and an epsRoot.
 *
 * <p>Differs from Optax as {@link ScaleByYogi} does. State: a chain of the states of {@link
 * ScaleByYogi} and {@link ScaleByLearningRate}.
 *
 * <p>Takes real leaves of any type. It refuses complex ones: wrap the optimizer in {@code
 * splitRealAndImaginary}.
 *
 * @param learningRate multiplies the scaled gradients; read at count 0 at the first step
 * @param b1 decay of the first moment, in [0, 1)
 * @param b2 decay of the second moment, in [0, 1)
 * @param eps added to the root of the second moment, not negative
 */
@Withers
public record Yogi(Schedule learningRate, double b1, double b2, double eps)
    implements Composite<ChainState>, YogiWithers {

  /**
   * Checks the arguments.
   *
   * @param learningRate any schedule
   * @param b1 in [0, 1)
   * @param b2 in [0, 1)
   * @param eps finite and not negative
   * @throws IllegalArgumentException if an argument breaks its rule
   */
  public Yogi {
    scaling(b1, b2, eps);
  }

  /**
   * Returns Yogi with the defaults of {@link ScaleByYogi#defaults}: b1 = 0.9, b2 = 0.999, eps =
   * 1e-3.
   *
   * @param learningRate multiplies the scaled gradients
   * @return the optimizer
   */
  public static Yogi of(Schedule learningRate) {
    ScaleByYogi yogi = ScaleByYogi.defaults();
    return new Yogi(learningRate, yogi.b1(), yogi.b2(), yogi.eps());
  }

  @Override
  public GradientTransformation<ChainState> composed() {
    return Chain.of(scaling(b1, b2, eps), ScaleByLearningRate.of(learningRate));
  }

  private static ScaleByYogi scaling(double b1, double b2, double eps) {
    return ScaleByYogi.defaults().b1(b1).b2(b2).eps(eps);
  }
}
