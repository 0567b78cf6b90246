package dev.glissade.optimizer;

import dev.glissade.GradientTransformation;
import dev.glissade.Schedule;
import dev.glissade.combine.Chain;
import dev.glissade.combine.Chain.ChainState;
import dev.glissade.combine.Composite;
import dev.glissade.combine.Identity;
import dev.glissade.transform.ScaleByLearningRate;
import dev.glissade.transform.ScaleByRms;
import dev.glissade.transform.ScaleByStddev;
import dev.glissade.transform.Trace;
import dev.glissade.tree.Check;
import org.jspecify.annotations.Nullable;

/**
 * RMSProp (Hinton 2012; centered: Graves 2013): {@link ScaleByRms} or {@link ScaleByStddev}, times
 * -learningRate, then the momentum's trace of that.
 *
 * @param decay of the moments
 * @param initialScale what the second moment starts at
 * @param epsInSqrt whether eps is added under the root
 * @param centered whether the mean is taken off the second moment
 * @param momentum the trace's decay; null for none
 */
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
    implements Composite<ChainState> {

  public RmsProp {
    new ScaleByRms(decay, eps, initialScale, epsInSqrt, biasCorrection);
    if (momentum != null) {
      Check.notNegative("momentum", momentum);
    }
  }

  /** With the defaults of {@link ScaleByRms#defaults}, not centered, without momentum. */
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

  /** This with another decay of the moments. */
  public RmsProp decay(double decay) {
    return new RmsProp(
        learningRate,
        decay,
        eps,
        initialScale,
        epsInSqrt,
        centered,
        momentum,
        nesterov,
        biasCorrection);
  }

  /** This with another eps. */
  public RmsProp eps(double eps) {
    return new RmsProp(
        learningRate,
        decay,
        eps,
        initialScale,
        epsInSqrt,
        centered,
        momentum,
        nesterov,
        biasCorrection);
  }

  /** This with a second moment that starts at another value. */
  public RmsProp initialScale(double initialScale) {
    return new RmsProp(
        learningRate,
        decay,
        eps,
        initialScale,
        epsInSqrt,
        centered,
        momentum,
        nesterov,
        biasCorrection);
  }

  /** This with eps under the root, or added to it. */
  public RmsProp epsInSqrt(boolean epsInSqrt) {
    return new RmsProp(
        learningRate,
        decay,
        eps,
        initialScale,
        epsInSqrt,
        centered,
        momentum,
        nesterov,
        biasCorrection);
  }

  /** This with the mean taken off the second moment, or not. */
  public RmsProp centered(boolean centered) {
    return new RmsProp(
        learningRate,
        decay,
        eps,
        initialScale,
        epsInSqrt,
        centered,
        momentum,
        nesterov,
        biasCorrection);
  }

  /** This with momentum; null for none. */
  public RmsProp momentum(@Nullable Double momentum) {
    return new RmsProp(
        learningRate,
        decay,
        eps,
        initialScale,
        epsInSqrt,
        centered,
        momentum,
        nesterov,
        biasCorrection);
  }

  /** This with Nesterov momentum, or without. */
  public RmsProp nesterov(boolean nesterov) {
    return new RmsProp(
        learningRate,
        decay,
        eps,
        initialScale,
        epsInSqrt,
        centered,
        momentum,
        nesterov,
        biasCorrection);
  }

  /** This with debiased moments, or not. */
  public RmsProp biasCorrection(boolean biasCorrection) {
    return new RmsProp(
        learningRate,
        decay,
        eps,
        initialScale,
        epsInSqrt,
        centered,
        momentum,
        nesterov,
        biasCorrection);
  }
}
