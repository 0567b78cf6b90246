package dev.glissade.bench;

import dev.glissade.Stepper;
import dev.glissade.Tree;

/** Steps in place by this library, with gradients that change their sign from step to step. */
final class Steps implements Subject {
  private final Stepper<?> stepper;
  private final Tree[] gradients;
  private int taken;

  Steps(Line line, int[] sizes, int threads) {
    Tree params = Numbers.tree(sizes, 1, false);
    this.stepper = Stepper.borrowing(line.optimizer(), params).threads(threads);
    this.gradients =
        new Tree[] {Numbers.tree(sizes, 100_000, false), Numbers.tree(sizes, 100_000, true)};
  }

  @Override
  public void run(int steps) {
    for (int i = 0; i < steps; i++) {
      stepper.step(gradients[taken++ & 1]);
    }
  }
}
