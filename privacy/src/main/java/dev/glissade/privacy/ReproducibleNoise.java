package dev.glissade.privacy;

import dev.glissade.RandomKey;
import dev.glissade.Tree;
import java.util.List;

/**
 * The noise of a known seed, the same as that of differentiallyPrivateAggregate. <b>It protects
 * nobody</b>: whoever knows or guesses the seed can subtract it.
 */
public final class ReproducibleNoise implements Noise {
  private RandomKey key;

  /** The noise of this seed. */
  public ReproducibleNoise(long seed) {
    this.key = RandomKey.of(seed);
  }

  @Override
  public Tree added(Tree sum, double deviation, double sensitivity) {
    List<RandomKey> keys = key.split(sum.structure().leaves() + 1);
    key = keys.get(0);
    Tree noise = sum.normal(keys.subList(1, keys.size()));
    return sum.plus(noise.times(deviation)).evaluate();
  }

  @Override
  public boolean isSecret() {
    return false;
  }
}
