package dev.glissade.bench;

import dev.glissade.Stepper;
import dev.glissade.Tree;

/**
 * Steps in place by this library, with gradients that change their sign: from step to step, or,
 * where there are many leaves, between the rounds, as the gradients of a model are always in the
 * same arrays.
 */
final class Steps implements Subject {
  private final Stepper<?> stepper;
  private final Tree[] gradients;
  private final boolean many;
  private int taken;

  Steps(Line line, int[] sizes, int threads) {
    Tree params = Numbers.tree(sizes, 1, false);
    this.stepper = Stepper.borrowing(line.optimizer(), params).threads(threads);
    Tree first = Numbers.tree(sizes, 100_000, false);
    this.many = sizes.length > 1;
    this.gradients = new Tree[] {first, many ? first : Numbers.tree(sizes, 100_000, true)};
  }

  @Override
  public long time(int steps) {
    if (many) {
      gradients[0].toMap().values().forEach(leaf -> Numbers.negate((float[]) leaf.array()));
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
