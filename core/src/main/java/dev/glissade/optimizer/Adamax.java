package dev.glissade.optimizer;

import dev.glissade.GradientTransformation;
import dev.glissade.Schedule;
import dev.glissade.combine.Chain;
import dev.glissade.combine.Chain.ChainState;
import dev.glissade.combine.Composite;
import dev.glissade.transform.ScaleByAdamax;
import dev.glissade.transform.ScaleByLearningRate;
import dev.glissade.withers.Withers;

/**
 * Adamax: Adam with a decaying maximum of the sizes of gradients in place of the mean of their
 * squares (Kingma and Ba, "Adam: A Method for Stochastic Optimization", 2014, arXiv 1412.6980,
 * section 7.1):
 *
 * <pre>{@code
 * mu <- b1 mu + (1 - b1) g        nu <- max(|g| + eps, b2 nu)
 * u = -learningRate mu / (1 - b1^t) / nu
 * }</pre>
 *
 * <p>No step is longer than about learningRate in any element. For sparse and noisy gradients, such
 * as those of embeddings, where a rare large gradient must not be forgotten at once. With weight
 * decay use {@link AdamaxW}.
 *
 * <p>Differs from Optax as {@link ScaleByAdamax} does. State: a chain of the states of {@link
 * ScaleByAdamax} and {@link ScaleByLearningRate}.
 *
 * <p>Takes real leaves of any type. It refuses complex ones: wrap the optimizer in {@code
 * splitRealAndImaginary}.
 *
 * @param learningRate multiplies the scaled gradients; read at count 0 at the first step
 * @param b1 decay of the first moment, in [0, 1)
 * @param b2 decay of the maximum, in [0, 1)
 * @param eps added to the size of each gradient, not negative
 */
@Withers
public record Adamax(Schedule learningRate, double b1, double b2, double eps)
    implements Composite<ChainState>, AdamaxWithers {

  /**
   * Checks the arguments.
   *
   * @param learningRate any schedule
   * @param b1 in [0, 1)
   * @param b2 in [0, 1)
   * @param eps finite and not negative
   * @throws IllegalArgumentException if an argument breaks its rule
   */
  public Adamax {
    new ScaleByAdamax(b1, b2, eps);
  }

  /**
   * Returns Adamax with the defaults of {@link ScaleByAdamax#defaults}: b1 = 0.9, b2 = 0.999, eps =
   * 1e-8.
   *
   * @param learningRate multiplies the scaled gradients
   * @return the optimizer
   */
  public static Adamax of(Schedule learningRate) {
    ScaleByAdamax adamax = ScaleByAdamax.defaults();
    return new Adamax(learningRate, adamax.b1(), adamax.b2(), adamax.eps());
  }

  @Override
  public GradientTransformation<ChainState> composed() {
    return Chain.of(new ScaleByAdamax(b1, b2, eps), ScaleByLearningRate.of(learningRate));
  }
}
