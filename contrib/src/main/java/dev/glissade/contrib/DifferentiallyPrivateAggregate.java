package dev.glissade.contrib;

import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.RandomKey;
import dev.glissade.Step;
import dev.glissade.Tree;
import dev.glissade.records.Check;
import dev.glissade.withers.Withers;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Aggregates per-example gradients with clipping and noise (Abadi et al., "Deep Learning with
 * Differential Privacy", 2016, arXiv 1607.00133, Algorithm 1):
 *
 * <pre>
 * u = (sum_i g_i / max(||g_i|| / l2NormClip, 1) + l2NormClip noiseMultiplier N(0, 1)) / batch
 * </pre>
 *
 * <p>where ||g_i|| is the norm of one example's gradient over the whole tree, and batch the number
 * of examples that arrived. Every leaf of the gradients has a batch axis in front of the
 * parameters' shape; updates have the parameters' shape. It must be the first link of a chain.
 *
 * <p>An epsilon may be claimed only with a divisor that does not depend on the data, since batches
 * by Poisson sampling differ in size: set {@link #expectedBatchSize}.
 *
 * <p><b>Noise from a known seed protects nobody</b>: whoever knows or guesses the seed can subtract
 * it. The seed is there to reproduce results. For privacy use {@code PrivateTraining} in {@code
 * dev.glissade.privacy}, which draws secret noise and states its epsilon.
 *
 * <p>Differs from Optax as follows. Shapes are checked against those of the parameters, so that
 * mean gradients are refused. Norms do not overflow. An example whose gradient is not finite adds
 * nothing, where it makes Optax's batch NaN. An empty batch counts as one example that adds
 * nothing. An infinite clip is allowed only without noise. The seed must be given. Noise is drawn
 * for leaves in the order of their paths. State: the random key.
 *
 * @param l2NormClip the largest norm of one example's gradient, positive
 * @param noiseMultiplier standard deviation of the noise divided by the clip, not negative; 0 for
 *     no noise
 * @param seed the seed of the random generator
 * @param expectedBatchSize the divisor, positive; null for the number of examples that arrived
 */
@Withers
public record DifferentiallyPrivateAggregate(
    double l2NormClip, double noiseMultiplier, long seed, @Nullable Double expectedBatchSize)
    implements GradientTransformation<
            DifferentiallyPrivateAggregate.DifferentiallyPrivateAggregateState>,
        DifferentiallyPrivateAggregateWithers {

  /**
   * The state of {@link DifferentiallyPrivateAggregate}.
   *
   * @param rngKey the key from which the next step draws
   */
  public record DifferentiallyPrivateAggregateState(RandomKey rngKey) {}

  /**
   * Checks the arguments.
   *
   * @param l2NormClip positive; infinite only if noiseMultiplier is 0
   * @param noiseMultiplier finite and not negative
   * @param seed any number
   * @param expectedBatchSize positive and finite, or null
   * @throws IllegalArgumentException if an argument breaks its rule
   */
  public DifferentiallyPrivateAggregate {
    Check.notNegative("noiseMultiplier", noiseMultiplier);
    if (!(l2NormClip > 0)) {
      throw new IllegalArgumentException("l2NormClip must be positive, but was " + l2NormClip);
    }
    if (Double.isInfinite(l2NormClip) && noiseMultiplier > 0) {
      throw new IllegalArgumentException(
          "l2NormClip must be finite if noiseMultiplier is not 0, but was " + l2NormClip);
    }
    if (expectedBatchSize != null) {
      Check.positive("expectedBatchSize", expectedBatchSize);
    }
  }

  /**
   * Returns an aggregate that divides by the number of examples that arrived.
   *
   * @param l2NormClip the largest norm of one example's gradient, positive
   * @param noiseMultiplier standard deviation of the noise divided by the clip, not negative
   * @param seed the seed of the random generator
   * @return the transformation
   * @throws IllegalArgumentException as the constructor
   */
  public static DifferentiallyPrivateAggregate of(
      double l2NormClip, double noiseMultiplier, long seed) {
    return new DifferentiallyPrivateAggregate(l2NormClip, noiseMultiplier, seed, null);
  }

  @Override
  public DifferentiallyPrivateAggregateState initialState(Tree params) {
    return new DifferentiallyPrivateAggregateState(RandomKey.of(seed));
  }

  @Override
  public Step<DifferentiallyPrivateAggregateState> step(
      Tree gradients, DifferentiallyPrivateAggregateState state, Tree params, Extras extras) {
    int arrived = Math.max(gradients.batchSize(params.structure()), 1);
    double divisor = expectedBatchSize == null ? arrived : expectedBatchSize;
    List<RandomKey> keys = state.rngKey().split(params.structure().leaves() + 1);
    Tree sum = gradients.clippedSum(l2NormClip, params.structure());
    return Step.of(
        plusNoise(sum, keys.subList(1, keys.size())).dividedBy(divisor),
        new DifferentiallyPrivateAggregateState(keys.get(0)));
  }

  private Tree plusNoise(Tree sum, List<RandomKey> keys) {
    return noiseMultiplier == 0
        ? sum
        : sum.plus(sum.normal(keys).times(l2NormClip * noiseMultiplier));
  }

  @Override
  public boolean perExample() {
    return true;
  }
}
