package dev.glissade.arena.train;

import dev.glissade.arena.data.Dataset;
import dev.glissade.arena.data.RandomOrder;
import java.util.SplittableRandom;

/** Selects the examples of one step after another. */
final class Selection {
  private final Plan plan;
  private final Dataset train;
  private final Minibatch minibatch;
  private final PrivacyMechanism privacy;
  private final SplittableRandom orders;
  private final boolean full;
  private int[] order = new int[0];

  /**
   * Makes a selection.
   *
   * @param privacy draws the examples if it is private
   * @param orders the source of the order of each epoch
   */
  Selection(
      Plan plan,
      Dataset train,
      Minibatch minibatch,
      PrivacyMechanism privacy,
      SplittableRandom orders) {
    this.plan = plan;
    this.train = train;
    this.minibatch = minibatch;
    this.privacy = privacy;
    this.orders = orders;
    this.full = plan.batches(train) == 1 && !privacy.isPrivate();
    if (full) {
      minibatch.moveToAll();
    }
  }

  /** Returns whether each step takes the same examples, all of them. */
  boolean isFull() {
    return full;
  }

  /** Draws what the first steps drew, to continue after them. */
  void skip(int steps) {
    if (full) {
      return;
    }
    privacy.skip(privacy.isPrivate() ? steps : 0);
    for (int epoch = 0; epoch * (long) plan.batches(train) < steps; epoch++) {
      order = nextOrder();
    }
  }

  /** Selects the examples of minibatch i of an epoch. */
  void select(int i) {
    if (full) {
      return;
    }
    if (i == 0) {
      order = nextOrder();
    }
    if (privacy.isPrivate()) {
      int[] drawn = privacy.batch();
      minibatch.move(drawn, 0, drawn.length);
    } else {
      minibatch.move(order, plan.edge(i, train), plan.edge(i + 1, train));
    }
  }

  private int[] nextOrder() {
    return RandomOrder.of(train.size(), orders.nextLong());
  }
}
