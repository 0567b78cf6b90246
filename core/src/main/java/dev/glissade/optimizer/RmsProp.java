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
 * RMSProp (Hinton 2012; centered: Graves 2013): {@link ScaleByRms} or {@link ScaleByStddev}, times
 * -learningRate, then the momentum's trace of that.
 *
 * @param learningRate multiplies the scaled gradients
 * @param decay of the moments
 * @param eps keeps divisors from 0
 * @param initialScale what the second moment starts at
 * @param epsInSqrt whether eps is added under the root
 * @param centered whether the mean is taken off the second moment
 * @param momentum the trace's decay, not negative; null for no momentum
 * @param nesterov whether to use Nesterov momentum
 * @param biasCorrection whether the moments are debiased
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

  public RmsProp {
    new ScaleByRms(decay, eps, initialScale, epsInSqrt, biasCorrection);
    if (momentum != null) {
      Check.notNegative("momentum", momentum);
    }
  }

  /**
   * Returns RMSProp with the defaults of {@link ScaleByRms#defaults}, not centered, no momentum,
   * not Nesterov's if one is set.
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
        momentum == null ? new Identity() : new Trace(momentum, nesterov));
  }
}
