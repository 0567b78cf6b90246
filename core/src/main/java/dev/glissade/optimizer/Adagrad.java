package dev.glissade.optimizer;

import dev.glissade.GradientTransformation;
import dev.glissade.Schedule;
import dev.glissade.combine.Chain;
import dev.glissade.combine.Chain.ChainState;
import dev.glissade.combine.Composite;
import dev.glissade.transform.ScaleByLearningRate;
import dev.glissade.transform.ScaleByRss;
import dev.glissade.withers.Withers;

/**
 * Adagrad: divides each gradient by the root of the sum of its squares so far (Duchi, Hazan and
 * Singer, "Adaptive Subgradient Methods for Online Learning and Stochastic Optimization", JMLR
 * 2011):
 *
 * <pre>{@code
 * s <- s + g^2        u = -learningRate g / sqrt(s + eps)
 * }</pre>
 *
 * <p>Suits sparse gradients, because elements with rare gradients keep large steps. The steps
 * shrink for ever; where that stops training too early, use {@link RmsProp} or {@link Adam}.
 *
 * <p>Differs from Optax in two details that {@link ScaleByRss} documents: huge gradients do not
 * overflow when they are squared, and the sum stops at the type's largest number. State: a chain of
 * the states of {@link ScaleByRss} and {@link ScaleByLearningRate}.
 *
 * <p>Takes real leaves of any type. It refuses complex ones: wrap the optimizer in {@code
 * splitRealAndImaginary}.
 *
 * @param learningRate multiplies the scaled gradients; read at count 0 at the first step
 * @param initialAccumulatorValue the sum of squares before the first step, not negative
 * @param eps added under the root, not negative
 */
@Withers
public record Adagrad(Schedule learningRate, double initialAccumulatorValue, double eps)
    implements Composite<ChainState>, AdagradWithers {

  /**
   * Checks the arguments.
   *
   * @param learningRate any schedule
   * @param initialAccumulatorValue finite and not negative
   * @param eps finite and not negative
   * @throws IllegalArgumentException if an argument breaks its rule
   */
  public Adagrad {
    new ScaleByRss(initialAccumulatorValue, eps);
  }

  /**
   * Returns Adagrad with the defaults of {@link ScaleByRss#defaults}: initialAccumulatorValue = 0.1
   * and eps = 1e-7.
   *
   * @param learningRate multiplies the scaled gradients
   * @return the optimizer
   */
  public static Adagrad of(Schedule learningRate) {
    ScaleByRss rss = ScaleByRss.defaults();
    return new Adagrad(learningRate, rss.initialAccumulatorValue(), rss.eps());
  }

  @Override
  public GradientTransformation<ChainState> composed() {
    return Chain.of(
        new ScaleByRss(initialAccumulatorValue, eps), ScaleByLearningRate.of(learningRate));
  }
}
