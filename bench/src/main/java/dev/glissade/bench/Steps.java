package dev.glissade.bench;

import dev.glissade.Stepper;
import dev.glissade.Tree;
import java.nio.FloatBuffer;

/**
 * Steps in place with this library. The gradients change sign from step to step; with many leaves
 * between rounds, because a model's gradients always stay in the same arrays.
 */
final class Steps implements Subject {
  private final Stepper<?> stepper;
  private final Tree[] gradients;

  /** The arrays of the gradients; empty for a single leaf. */
  private final FloatBuffer[] arrays;

  private int taken;

  /**
   * Allocates params, state and gradients.
   *
   * @param packed whether small leaves share arrays
   */
  Steps(Workload workload, TreeShape form, int threads, boolean packed) {
    Tree params = RandomData.tree(form, 1, false);
    params = packed ? params.packed() : params;
    this.stepper = Stepper.borrowing(workload.optimizer(), params).threads(threads);
    Tree first = RandomData.tree(form, 100_000, false);
    first = packed ? first.packed() : first;
    boolean many = form.leaves() > 1;
    this.gradients = new Tree[] {first, many ? first : RandomData.tree(form, 100_000, true)};
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
  public boolean isWarm() {
    return !stepper.explain().contains("until they are compiled");
  }

  @Override
  public void run(int steps) {
    for (int i = 0; i < steps; i++) {
      stepper.step(gradients[taken++ & 1]);
    }
  }
}
