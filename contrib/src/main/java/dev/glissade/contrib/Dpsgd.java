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
 * DP-SGD, differentially private gradient descent (Abadi et al., "Deep Learning with Differential
 * Privacy", 2016, arXiv 1607.00133): {@link DifferentiallyPrivateAggregate}, then momentum, if any,
 * then scaling by -learningRate.
 *
 * <p>Takes per-example gradients: every leaf has a batch axis in front. <b>Noise from a known seed
 * protects nobody</b>; to protect data use {@code PrivateTraining} in {@code dev.glissade.privacy}.
 * Differs from Optax as {@link DifferentiallyPrivateAggregate} does. State: a chain of the states
 * of the aggregate, of {@link Trace}, if there is momentum, and of {@link ScaleByLearningRate}.
 *
 * @param learningRate multiplies the clipped, noisy mean gradient; read at count 0 at the first
 *     step
 * @param l2NormClip the largest norm of one example's gradient, positive
 * @param noiseMultiplier standard deviation of the noise divided by the clip, not negative; 0 for
 *     no noise
 * @param seed the seed of the random generator
 * @param momentum decay of the momentum, not negative; null for no momentum
 * @param nesterov whether to use Nesterov momentum; without effect if momentum is null
 * @param expectedBatchSize the divisor of the sum, positive; null for the number of examples that
 *     arrived
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

  /**
   * Checks the arguments.
   *
   * @param learningRate any schedule
   * @param l2NormClip positive; infinite only if noiseMultiplier is 0
   * @param noiseMultiplier finite and not negative
   * @param seed any number
   * @param momentum finite and not negative, or null
   * @param nesterov true or false
   * @param expectedBatchSize positive and finite, or null
   * @throws IllegalArgumentException if an argument breaks its rule
   */
  public Dpsgd {
    new DifferentiallyPrivateAggregate(l2NormClip, noiseMultiplier, seed, expectedBatchSize);
    if (momentum != null) {
      Check.notNegative("momentum", momentum);
    }
  }

  /**
   * Returns DP-SGD without momentum that divides by the number of examples that arrived.
   *
   * @param learningRate multiplies the clipped, noisy mean gradient
   * @param l2NormClip the largest norm of one example's gradient, positive
   * @param noiseMultiplier standard deviation of the noise divided by the clip, not negative
   * @param seed the seed of the random generator
   * @return the optimizer
   * @throws IllegalArgumentException as the constructor
   */
  public static Dpsgd of(
      Schedule learningRate, double l2NormClip, double noiseMultiplier, long seed) {
    return new Dpsgd(learningRate, l2NormClip, noiseMultiplier, seed, null, false, null);
  }

  @Override
  public GradientTransformation<ChainState> composed() {
    return Chain.of(
        aggregate(),
        momentum == null ? new Identity() : new Trace(momentum, nesterov, null),
        ScaleByLearningRate.of(learningRate));
  }

  /** {@return the aggregate that is the first link of this chain} */
  public DifferentiallyPrivateAggregate aggregate() {
    return new DifferentiallyPrivateAggregate(l2NormClip, noiseMultiplier, seed, expectedBatchSize);
  }
}
