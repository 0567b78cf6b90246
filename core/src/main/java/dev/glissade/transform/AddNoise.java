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
 * Adds normal noise of variance {@code eta / t^gamma} (Neelakantan et al. 2015), t the number of
 * this step from 1.
 *
 * @param eta variance of the noise at the first step
 * @param gamma how fast the variance falls
 * @param seed of the generator; the same seed gives the same noise
 */
@Withers
public record AddNoise(double eta, double gamma, long seed)
    implements GradientTransformation<AddNoise.AddNoiseState>, AddNoiseWithers {

  public record AddNoiseState(Scalar count, RandomKey rngKey) {}

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
