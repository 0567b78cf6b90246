package dev.glissade.bench;

import dev.glissade.Stepper;
import dev.glissade.Tree;
import java.nio.FloatBuffer;

/**
 * Steps in place by this library, with gradients that change their sign: from step to step, or,
 * where there are many leaves, between the rounds, as the gradients of a model are always in the
 * same arrays.
 */
final class Steps implements Subject {
  private final Stepper<?> stepper;
  private final Tree[] gradients;

  /** The gradients' arrays, where there are many leaves. */
  private final FloatBuffer[] arrays;

  private int taken;

  /**
   * @param packed whether small leaves are in common arrays
   */
  Steps(Workload workload, int[] sizes, int threads, boolean packed) {
    Tree params = RandomData.tree(sizes, 1, false);
    params = packed ? params.packed() : params;
    this.stepper = Stepper.borrowing(workload.optimizer(), params).threads(threads);
    Tree first = RandomData.tree(sizes, 100_000, false);
    first = packed ? first.packed() : first;
    boolean many = sizes.length > 1;
    this.gradients = new Tree[] {first, many ? first : RandomData.tree(sizes, 100_000, true)};
    this.arrays =
        first.toMap().values().stream()
            .filter(leaf -> many)
            .map(leaf -> leaf.array() instanceof float[] own ? FloatBuffer.wrap(own) : leaf.array())
            .toArray(FloatBuffer[]::new);
  }

  @Override
  public long time(int steps) {
    for (FloatBuffer array : arrays) {
      RandomData.negate(array);
    }
    return Subject.super.time(steps);
  }

  @Override
  public void run(int steps) {
    for (int i = 0; i < steps; i++) {
      stepper.step(gradients[taken++ & 1]);
    }
  }
}
