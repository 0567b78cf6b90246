package dev.glissade.privacy;

import dev.glissade.RandomKey;
import dev.glissade.Structure;
import dev.glissade.Tree;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Noise from a known seed, drawn as differentiallyPrivateAggregate draws it. <b>It protects
 * nobody</b>: whoever knows or guesses the seed can subtract it.
 */
public final class ReproducibleNoise extends Noise {
  private RandomKey key;

  /**
   * Creates a noise source.
   *
   * @param seed determines all noise
   */
  public ReproducibleNoise(long seed) {
    this.key = RandomKey.of(seed);
  }

  @Override
  public boolean isSecret() {
    return false;
  }

  @Override
  Tree added(Tree low, @Nullable Tree high, double deviation, double step, Structure form) {
    List<RandomKey> keys = key.split(low.structure().leaves() + 1);
    key = keys.get(0);
    Tree noise = low.normal(keys.subList(1, keys.size())).times(deviation);
    Tree noised = low.plus(noise);
    return (high == null ? noised : noised.plus(high)).as(form).evaluate();
  }
}
