package dev.glissade.transform;

import dev.glissade.Extras;
import dev.glissade.GradientTransformation;
import dev.glissade.RandomKey;
import dev.glissade.Scalar;
import dev.glissade.Step;
import dev.glissade.Tree;
import dev.glissade.records.Check;
import dev.glissade.withers.Withers;
import java.util.List;

/**
 * Adds normal noise of variance {@code eta / t^gamma}, with t the number of this step from 1
 * (Neelakantan et al., "Adding Gradient Noise Improves Learning for Very Deep Networks", 2015,
 * arXiv 1511.06807).
 *
 * <p>Each step draws from a new key and each leaf from its own, in the order of leaf paths. One
 * seed gives the same noise as in Optax. Noise from a known seed protects no data; see {@code
 * PrivateTraining} in {@code dev.glissade.privacy}. Differs from Optax in that the seed must be
 * given.
 *
 * @param eta variance of the noise at the first step, not negative
 * @param gamma exponent with which the variance decays
 * @param seed the seed of the random generator
 */
@Withers
public record AddNoise(double eta, double gamma, long seed)
    implements GradientTransformation<AddNoise.AddNoiseState>, AddNoiseWithers {

  /**
   * The state of {@link AddNoise}.
   *
   * @param count the number of steps taken
   * @param rngKey the key from which the next step draws
   */
  public record AddNoiseState(Scalar count, RandomKey rngKey) {}

  /**
   * Checks the arguments.
   *
   * @param eta finite and not negative
   * @param gamma finite
   * @param seed any number
   * @throws IllegalArgumentException if an argument breaks its rule
   */
  public AddNoise {
    Check.notNegative("eta", eta);
    Check.finite("gamma", gamma);
  }

  @Override
  public AddNoiseState initialState(Tree params) {
    return new AddNoiseState(Scalar.of(0), RandomKey.of(seed));
  }

  @Override
  public Step<AddNoiseState> step(Tree updates, AddNoiseState state, Tree params, Extras extras) {
    Scalar t = state.count().plus(1);
    Scalar deviation = t.pow(Scalar.of(-gamma)).times(eta).sqrt();
    List<RandomKey> keys = state.rngKey().split(2);
    Tree noise = updates.normal(keys.get(1).split(updates.structure().leaves()));
    return Step.of(updates.plus(noise.times(deviation)), new AddNoiseState(t, keys.get(0)));
  }
}
