package dev.glissade.contrib;

import dev.glissade.GradientTransformation;
import dev.glissade.Schedule;
import dev.glissade.combine.Chain;
import dev.glissade.combine.Chain.ChainState;
import dev.glissade.combine.Composite;
import dev.glissade.combine.Identity;
import dev.glissade.records.Check;
import dev.glissade.transform.ScaleByLearningRate;
import dev.glissade.transform.Trace;
import dev.glissade.withers.Withers;
import org.jspecify.annotations.Nullable;

/**
 * Differentially private gradient descent (Abadi et al. 2016): {@link
 * DifferentiallyPrivateAggregate}, then momentum if given, times -learningRate. See there for what
 * the seed means for privacy.
 *
 * @param learningRate what the clipped, noisy mean gradient is multiplied by
 * @param l2NormClip the largest norm of one example's gradient, positive
 * @param noiseMultiplier standard deviation of the noise over the clip; 0 for none
 * @param seed of the generator
 * @param momentum the trace's decay, not negative; null for no momentum
 * @param nesterov whether to use Nesterov momentum
 * @param expectedBatchSize the divisor of the sum; null for the size of the batch that arrived
 */
@Withers
public record Dpsgd(
    Schedule learningRate,
    double l2NormClip,
    double noiseMultiplier,
    long seed,
    @Nullable Double momentum,
    boolean nesterov,
    @Nullable Double expectedBatchSize)
    implements Composite<ChainState>, DpsgdWithers {

  public Dpsgd {
    new DifferentiallyPrivateAggregate(l2NormClip, noiseMultiplier, seed, expectedBatchSize);
    if (momentum != null) {
      Check.notNegative("momentum", momentum);
    }
  }

  /** Returns private descent without momentum that divides by the batch that arrived. */
  public static Dpsgd of(
      Schedule learningRate, double l2NormClip, double noiseMultiplier, long seed) {
    return new Dpsgd(learningRate, l2NormClip, noiseMultiplier, seed, null, false, null);
  }

  @Override
  public GradientTransformation<ChainState> composed() {
    return Chain.of(
        aggregate(),
        momentum == null ? new Identity() : new Trace(momentum, nesterov),
        ScaleByLearningRate.of(learningRate));
  }

  /** The first link of the chain. */
  public DifferentiallyPrivateAggregate aggregate() {
    return new DifferentiallyPrivateAggregate(l2NormClip, noiseMultiplier, seed, expectedBatchSize);
  }
}
