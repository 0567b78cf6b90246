package dev.glissade.contrib;

import dev.glissade.DType;
import dev.glissade.GradientTransformation;
import dev.glissade.Scalar;
import dev.glissade.Schedule;
import dev.glissade.Tree;
import dev.glissade.combine.Chain;
import dev.glissade.combine.Chain.ChainState;
import dev.glissade.combine.Composite;
import dev.glissade.schedule.ConstantSchedule;
import dev.glissade.transform.AddDecayedWeights;
import dev.glissade.transform.ScaleByLearningRate;
import dev.glissade.withers.Withers;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Sophia: divides the mean of gradients by an estimate of the curvature, and clips the result (Liu
 * et al., "Sophia: A Scalable Stochastic Second-order Optimizer for Language Model Pre-training",
 * 2023, arXiv 2305.14342). With h the mean of estimates before this step, unless estimateFirst:
 *
 * <pre>{@code
 * mu <- b1 mu + (1 - b1) g      every updateInterval steps: h <- b2 h + (1 - b2) estimate
 * u = -learningRate (clamp(mu / (1 - b1^t) / max(gamma h, eps), -clip, clip) + weightDecay x)
 * }</pre>
 *
 * <p>The estimate is the update of hessianDiagonalFn, any transformation, which is computed only
 * when it is due. The default, {@link HutchinsonEstimatorDiagHessian}, needs a product with the
 * Hessian or two more gradients, as an extra argument of the step:
 *
 * <pre>{@code
 * stepper.step(gradients, Extras.NONE.withGradientFunction((x, i) -> gradients(x, batch)));
 * }</pre>
 *
 * <p><b>As in Optax the first step is one of signs</b>: h is 0 then, so all its elements are of the
 * size of the learning rate; and negative curvature gives the full clip at any time. estimateFirst,
 * which Optax lacks, is the paper's order: a step sees the estimate that is due in it. Without it
 * clipThreshold = null is refused, since the first step would be mu / eps. The options to print are
 * missing.
 *
 * <p>Gradients are {@linkplain Tree#squarable made squarable}, and moments of 16-bit parameters are
 * float32. State: a chain of {@link SophiaState} and the states of {@link AddDecayedWeights} and
 * {@link ScaleByLearningRate}.
 *
 * <p>Takes real leaves of any type. It refuses complex ones: wrap the optimizer in {@code
 * splitRealAndImaginary}.
 *
 * @param learningRate multiplies the scaled gradients and the decay; read at count 0 at the first
 *     step
 * @param b1 decay of the mean of gradients, in [0, 1)
 * @param b2 decay of the mean of estimates, in [0, 1)
 * @param eps the least divisor, positive
 * @param weightDecay decoupled weight decay: the updates contain {@code -learningRate weightDecay
 *     x}
 * @param weightDecayMask accepts the paths of the leaves that decay; null for all leaves
 * @param gamma multiplies the estimate, positive; so large that 10 to 50 percent of the elements
 *     are not clipped
 * @param clipThreshold the bound of the scaled gradients, positive; null for none
 * @param updateInterval the number of steps from one estimate to the next, at least 1
 * @param hessianDiagonalFn estimates the diagonal of the Hessian
 * @param muDtype the type in which the mean of gradients is kept; null for the type in which it is
 *     computed
 * @param estimateFirst whether a step already uses the estimate that is due in it
 */
@Withers
public record Sophia(
    Schedule learningRate,
    double b1,
    double b2,
    double eps,
    Schedule weightDecay,
    @Nullable Predicate<String> weightDecayMask,
    double gamma,
    @Nullable Double clipThreshold,
    int updateInterval,
    GradientTransformation<?> hessianDiagonalFn,
    @Nullable DType muDtype,
    boolean estimateFirst)
    implements Composite<ChainState>, SophiaWithers {

  /**
   * The first part of the state of {@link Sophia}.
   *
   * @param count the number of steps taken
   * @param mu the mean of gradients, not debiased
   * @param nu the mean of estimates of the Hessian's diagonal, never debiased
   * @param hessianFnState the state of the estimator
   */
  public record SophiaState(Scalar count, Tree mu, Tree nu, Object hessianFnState) {}

  /**
   * Checks the arguments.
   *
   * @param learningRate any schedule
   * @param b1 in [0, 1)
   * @param b2 in [0, 1)
   * @param eps positive and finite
   * @param weightDecay any schedule
   * @param weightDecayMask any predicate, or null
   * @param gamma positive and finite
   * @param clipThreshold positive and finite; null only with estimateFirst
   * @param updateInterval at least 1
   * @param hessianDiagonalFn a transformation of mean gradients
   * @param muDtype a real type, or null
   * @param estimateFirst true or false
   * @throws IllegalArgumentException if an argument breaks its rule
   */
  public Sophia {
    new ScaleBySophia(
        b1,
        b2,
        eps,
        gamma,
        clipThreshold,
        updateInterval,
        hessianDiagonalFn,
        muDtype,
        estimateFirst);
  }

  /**
   * Returns Sophia with b1 = 0.965, b2 = 0.99, eps = 1e-8, weightDecay = 1e-4 on all leaves, gamma
   * = 0.01, clipThreshold = 1, updateInterval = 10 and Hutchinson's estimator of seed 0.
   *
   * @param learningRate multiplies the scaled gradients and the decay
   * @return the optimizer
   */
  public static Sophia of(Schedule learningRate) {
    return new Sophia(
        learningRate,
        0.965,
        0.99,
        1e-8,
        new ConstantSchedule(1e-4),
        null,
        0.01,
        1.0,
        10,
        new HutchinsonEstimatorDiagHessian(0),
        null,
        false);
  }

  @Override
  public GradientTransformation<ChainState> composed() {
    return Chain.of(
        new ScaleBySophia(
            b1,
            b2,
            eps,
            gamma,
            clipThreshold,
            updateInterval,
            hessianDiagonalFn,
            muDtype,
            estimateFirst),
        new AddDecayedWeights(weightDecay, weightDecayMask),
        ScaleByLearningRate.of(learningRate));
  }
}
