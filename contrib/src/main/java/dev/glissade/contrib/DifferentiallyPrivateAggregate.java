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
 * Clips, adds up and blurs per-example gradients: Abadi et al., "Deep Learning with Differential
 * Privacy", 2016 (arXiv 1607.00133), Algorithm 1. Gradients have the batch axis in front of every
 * leaf:
 *
 * <pre>(sum_i g_i / max(||g_i|| / l2NormClip, 1) + l2NormClip noiseMultiplier N(0, 1)) / batch
 * </pre>
 *
 * with ||g_i|| the norm of one example's gradient over the whole tree, and the size of the batch
 * that arrived as divisor. A stated epsilon needs a divisor that does not depend on the data, since
 * batches by Poisson sampling differ in size: {@link #expectedBatchSize}.
 *
 * <p><b>Noise from a known seed protects nobody</b>: whoever knows or guesses the seed can subtract
 * it. The seed is there to reproduce results.
 *
 * <p>Where it differs from the original: shapes are checked against those of the parameters, so
 * that mean gradients are refused; norms are computed so that they cannot overflow; an example
 * whose gradient is not finite adds nothing; an empty batch counts as one example that adds
 * nothing; an infinite clip is allowed without noise only; the seed must be given. Leaves are drawn
 * for in the order of their paths.
 *
 * @param l2NormClip the largest norm of one example's gradient, positive
 * @param noiseMultiplier standard deviation of the noise over the clip; 0 for none
 * @param seed of the generator
 * @param expectedBatchSize the divisor; null for the size of the batch that arrived
 */
@Withers
public record DifferentiallyPrivateAggregate(
    double l2NormClip, double noiseMultiplier, long seed, @Nullable Double expectedBatchSize)
    implements GradientTransformation<
            DifferentiallyPrivateAggregate.DifferentiallyPrivateAggregateState>,
        DifferentiallyPrivateAggregateWithers {

  /** The key that the next step's noise is drawn from. */
  public record DifferentiallyPrivateAggregateState(RandomKey rngKey) {}

  public DifferentiallyPrivateAggregate {
    Check.notNegative("noiseMultiplier", noiseMultiplier);
    if (!(l2NormClip > 0)) {
      throw new IllegalArgumentException("l2NormClip must be positive, but was " + l2NormClip);
    }
    if (Double.isInfinite(l2NormClip) && noiseMultiplier > 0) {
      throw new IllegalArgumentException(
          "l2NormClip must be finite where noiseMultiplier is not 0, but was " + l2NormClip);
    }
    if (expectedBatchSize != null) {
      Check.positive("expectedBatchSize", expectedBatchSize);
    }
  }

  /** Returns an aggregate that divides by the size of the batch that arrived. */
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
        noised(sum, keys.subList(1, keys.size())).dividedBy(divisor),
        new DifferentiallyPrivateAggregateState(keys.get(0)));
  }

  private Tree noised(Tree sum, List<RandomKey> keys) {
    return noiseMultiplier == 0
        ? sum
        : sum.plus(sum.normal(keys).times(l2NormClip * noiseMultiplier));
  }

  @Override
  public boolean perExample() {
    return true;
  }
}
