package dev.glissade.contrib;

import dev.glissade.Tree;
import dev.glissade.records.Check;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A batch axis over replicas that are threads of one process, each with a number from 0. The mean
 * adds up in the order of the numbers, so it does not depend on which thread comes first.
 */
public final class ThreadBatchAxis {
  private final @Nullable Tree[] given;
  private final Duration patience;
  private int arrived;
  private long round;
  private @Nullable Tree mean;
  private @Nullable RuntimeException failure;
  private boolean aborted;

  /**
   * An axis of this many replicas.
   *
   * @param patience how long one waits for the others before it gives up, and they with it
   */
  public ThreadBatchAxis(int replicas, Duration patience) {
    Check.atLeast("replicas", 1, replicas);
    this.given = new Tree[replicas];
    this.patience = patience;
  }

  /** The axis as replica number {@code index} uses it. */
  public BatchAxis replica(int index) {
    if (index < 0 || index >= given.length) {
      throw new IllegalArgumentException(
          "index must be from 0 to %d, but was %d".formatted(given.length - 1, index));
    }
    return gradients -> mean(index, gradients.evaluate());
  }

  /** Makes all replicas that wait, or come later, fail: for one that has to give up. */
  public synchronized void abort() {
    aborted = true;
    notifyAll();
  }

  private synchronized Tree mean(int index, Tree gradients) {
    requireGoing();
    if (given[index] != null) {
      throw new IllegalStateException("replica %d gave gradients twice".formatted(index));
    }
    given[index] = gradients;
    arrived++;
    if (arrived == given.length) {
      average();
    } else {
      awaitOthers();
    }
    if (failure != null) {
      throw new IllegalStateException("the replicas' gradients have no mean", failure);
    }
    Tree result = mean;
    if (result == null) {
      throw new IllegalStateException("the replicas' gradients have no mean");
    }
    return result;
  }

  /** All wait for this, so none has to remember an older mean. */
  private void average() {
    try {
      Tree sum = null;
      for (int i = 0; i < given.length; i++) {
        Tree tree = given[i];
        given[i] = null;
        if (tree != null) {
          sum = sum == null ? tree : sum.plus(tree);
        }
      }
      mean = sum == null ? null : sum.dividedBy(given.length).evaluate();
      failure = null;
    } catch (RuntimeException e) {
      failure = e;
    }
    arrived = 0;
    round++;
    notifyAll();
  }

  private void awaitOthers() {
    long mine = round;
    long end = System.nanoTime() + patience.toNanos();
    while (round == mine) {
      requireGoing();
      long left = (end - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        abort();
        throw new IllegalStateException(
            "not all of %d replicas gave gradients within %s".formatted(given.length, patience));
      }
      try {
        wait(left);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        abort();
        throw new IllegalStateException("interrupted while waiting for the other replicas", e);
      }
    }
  }

  private void requireGoing() {
    if (aborted) {
      throw new IllegalStateException("a replica gave up");
    }
  }
}
