package dev.glissade.contrib;

import dev.glissade.Tree;
import dev.glissade.records.Check;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A batch axis over replicas that are threads of one process, numbered from 0. It adds up in the
 * order of the numbers, so the mean does not depend on which thread comes first.
 *
 * <pre>{@code
 * ThreadBatchAxis axis = new ThreadBatchAxis(2, Duration.ofMinutes(1));
 * // In the thread of replica i, with the optimizer sam.opaqueMode(true).batchAxisName("batch"):
 * BatchAxis mine = axis.replica(i); // once: a stepper prepares a program for each object
 * stepper.step(mine.mean(gradients), extras.with("batch", mine));
 * }</pre>
 *
 * <p>Once a replica has given up, by {@link #abort}, a timeout or an interrupt, every call throws
 * {@link IllegalStateException}.
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
   * Makes an axis.
   *
   * @param replicas the number of replicas, at least 1
   * @param patience how long one replica waits for the others; after that all of them fail
   * @throws IllegalArgumentException if replicas is less than 1
   */
  public ThreadBatchAxis(int replicas, Duration patience) {
    Check.atLeast("replicas", 1, replicas);
    this.given = new Tree[replicas];
    this.patience = patience;
  }

  /**
   * Returns the axis for use by one replica.
   *
   * @param index the replica's number, from 0 to replicas - 1
   * @return the axis, whose {@code mean} waits until all replicas have called it
   * @throws IllegalArgumentException if the number is out of range
   */
  public BatchAxis replica(int index) {
    if (index < 0 || index >= given.length) {
      throw new IllegalArgumentException(
          "index must be from 0 to %d, but was %d".formatted(given.length - 1, index));
    }
    return gradients -> mean(index, gradients.evaluate());
  }

  /**
   * Makes every replica fail that is waiting now or calls later. A replica that has to give up
   * calls it.
   */
  public synchronized void abort() {
    aborted = true;
    notifyAll();
  }

  private synchronized Tree mean(int index, Tree gradients) {
    requireGoing();
    if (given[index] != null) {
      throw new IllegalStateException(
          "replica %d must give gradients once in each round, but gave them twice"
              .formatted(index));
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

  /** Computes the mean. All replicas wait for it, so none needs the mean of an earlier round. */
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
            "all %d replicas must give gradients within %s, but only %d did"
                .formatted(given.length, patience, arrived));
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
