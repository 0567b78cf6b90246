package dev.glissade.bench;

import dev.glissade.Tree;
import dev.glissade.privacy.Clipping;
import dev.glissade.privacy.PrivateAggregator;
import dev.glissade.privacy.SecureNoise;

/** Clips the gradients of examples and adds them to an exact sum; a step is one example. */
final class PrivateExample implements Subject {
  private static final int BATCH = 256;

  private final PrivateAggregator sums;
  private final Tree[] gradients;
  private int added;

  PrivateExample(int[] sizes, int threads) {
    Tree params = RandomData.tree(TreeShape.vectors(sizes), 1, false);
    this.sums =
        new PrivateAggregator(params, new Clipping.Flat(1), 1, BATCH, new SecureNoise())
            .threads(threads);
    this.gradients =
        new Tree[] {
          RandomData.tree(TreeShape.vectors(sizes), 100_000, false),
          RandomData.tree(TreeShape.vectors(sizes), 100_000, true)
        };
  }

  @Override
  public void run(int steps) {
    for (int i = 0; i < steps; i++) {
      if (sums.examples() == BATCH) {
        sums.discard();
      }
      sums.add(gradients[added++ & 1]);
    }
  }
}
