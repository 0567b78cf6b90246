package dev.glissade.optimizer;

import dev.glissade.GradientTransformation;
import dev.glissade.Schedule;
import dev.glissade.combine.Chain;
import dev.glissade.combine.Chain.ChainState;
import dev.glissade.combine.Composite;
import dev.glissade.transform.ScaleByLearningRate;
import dev.glissade.transform.ScaleByOptimisticGradient;
import dev.glissade.withers.Withers;

/**
 * Optimistic gradient descent: adds to each gradient its difference from the one before (Mokhtari,
 * Ozdaglar and Pattathil, "A Unified Analysis of Extra-gradient and Optimistic Gradient Methods for
 * Saddle Point Problems", 2019, arXiv 1901.08511):
 *
 * <pre>{@code
 * u = -learningRate (alpha g + beta (g - gBefore)), with gBefore = g at the first step
 * }</pre>
 *
 * <p>For games between two players, such as a generator and its discriminator, where plain gradient
 * descent goes in circles or diverges.
 *
 * <p>Differs from Optax as {@link ScaleByOptimisticGradient} does: alpha and beta may be schedules.
 * State: a chain of the states of {@link ScaleByOptimisticGradient} and {@link
 * ScaleByLearningRate}.
 *
 * @param learningRate multiplies the optimistic gradients; read at count 0 at the first step
 * @param alpha weight of the gradient; read at count 0 at the first step
 * @param beta weight of the difference; read at count 0 at the first step
 */
@Withers
public record OptimisticGradientDescent(Schedule learningRate, Schedule alpha, Schedule beta)
    implements Composite<ChainState>, OptimisticGradientDescentWithers {

  /**
   * Returns optimistic gradient descent with alpha = beta = 1.
   *
   * @param learningRate multiplies the optimistic gradients
   * @return the optimizer
   */
  public static OptimisticGradientDescent of(Schedule learningRate) {
    ScaleByOptimisticGradient optimistic = ScaleByOptimisticGradient.defaults();
    return new OptimisticGradientDescent(learningRate, optimistic.alpha(), optimistic.beta());
  }

  @Override
  public GradientTransformation<ChainState> composed() {
    return Chain.of(
        new ScaleByOptimisticGradient(alpha, beta), ScaleByLearningRate.of(learningRate));
  }
}
