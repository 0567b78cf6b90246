package dev.glissade.optimizer;

import dev.glissade.GradientTransformation;
import dev.glissade.Schedule;
import dev.glissade.combine.Chain;
import dev.glissade.combine.Chain.ChainState;
import dev.glissade.combine.Composite;
import dev.glissade.combine.Identity;
import dev.glissade.records.Check;
import dev.glissade.transform.ScaleByLearningRate;
import dev.glissade.transform.ScaleByRms;
import dev.glissade.transform.ScaleByStddev;
import dev.glissade.transform.Trace;
import dev.glissade.withers.Withers;
import org.jspecify.annotations.Nullable;

/**
 * RMSProp: divides each gradient by the root of a mean of its squares (Hinton, Neural Networks for
 * Machine Learning, lecture 6, 2012; centered: Graves, "Generating Sequences With Recurrent Neural
 * Networks", 2013, arXiv 1308.0850):
 *
 * <pre>{@code
 * nu <- decay nu + (1 - decay) g^2        s = -learningRate g / sqrt(nu + eps)
 * u = s, or with momentum: p <- momentum p + s, u = p
 * }</pre>
 *
 * <p>With {@code centered} the divisor is the root of the variance, {@code sqrt(nu - mu^2 + eps)},
 * with mu the mean of gradients. Used in reinforcement learning and for recurrent networks;
 * elsewhere {@link Adam} is the usual choice.
 *
 * <p>Frameworks disagree on the details: PyTorch adds eps outside the root ({@code
 * epsInSqrt(false)}); TensorFlow 1 starts nu at 1 ({@code initialScale(1)}). As in Optax momentum
 * comes after the learning rate, so a schedule does not scale the momentum that is already there.
 *
 * <p>Differs from Optax in that huge gradients do not overflow when they are squared, that the
 * centered variance cannot become negative by rounding, and that the state counts steps whether or
 * not it needs to. State: a chain of the states of {@link ScaleByRms} or {@link ScaleByStddev},
 * {@link ScaleByLearningRate} and {@link Trace}.
 *
 * <p>Takes real leaves of any type. It refuses complex ones: wrap the optimizer in {@code
 * splitRealAndImaginary}.
 *
 * @param learningRate multiplies the scaled gradients; read at count 0 at the first step
 * @param decay decay of the moments, in [0, 1)
 * @param eps keeps the divisor from 0, not negative
 * @param initialScale the second moment before the first step, not negative
 * @param epsInSqrt whether eps is added under the root
 * @param centered whether to divide by the standard deviation, not by the root mean square
 * @param momentum decay of the momentum, not negative; null for no momentum
 * @param nesterov whether to use Nesterov momentum; without effect if momentum is null
 * @param biasCorrection whether to debias the moments
 */
@Withers
public record RmsProp(
    Schedule learningRate,
    double decay,
    double eps,
    double initialScale,
    boolean epsInSqrt,
    boolean centered,
    @Nullable Double momentum,
    boolean nesterov,
    boolean biasCorrection)
    implements Composite<ChainState>, RmsPropWithers {

  /**
   * Checks the arguments.
   *
   * @param learningRate any schedule
   * @param decay in [0, 1)
   * @param eps finite and not negative
   * @param initialScale finite and not negative
   * @param epsInSqrt true or false
   * @param centered true or false
   * @param momentum finite and not negative, or null
   * @param nesterov true or false
   * @param biasCorrection true or false
   * @throws IllegalArgumentException if an argument breaks its rule
   */
  public RmsProp {
    new ScaleByRms(decay, eps, initialScale, epsInSqrt, biasCorrection);
    if (momentum != null) {
      Check.notNegative("momentum", momentum);
    }
  }

  /**
   * Returns RMSProp with the defaults of {@link ScaleByRms#defaults} (decay = 0.9, eps = 1e-8 under
   * the root, initialScale = 0, no bias correction), not centered, and without momentum.
   *
   * @param learningRate multiplies the scaled gradients
   * @return the optimizer
   */
  public static RmsProp of(Schedule learningRate) {
    ScaleByRms rms = ScaleByRms.defaults();
    return new RmsProp(
        learningRate,
        rms.decay(),
        rms.eps(),
        rms.initialScale(),
        rms.epsInSqrt(),
        false,
        null,
        false,
        rms.biasCorrection());
  }

  @Override
  public GradientTransformation<ChainState> composed() {
    return Chain.of(
        centered
            ? new ScaleByStddev(decay, eps, initialScale, epsInSqrt, biasCorrection)
            : new ScaleByRms(decay, eps, initialScale, epsInSqrt, biasCorrection),
        ScaleByLearningRate.of(learningRate),
        momentum == null ? new Identity() : new Trace(momentum, nesterov, null));
  }
}
