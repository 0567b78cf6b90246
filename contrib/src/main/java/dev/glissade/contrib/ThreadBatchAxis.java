package dev.glissade.contrib;

import dev.glissade.Tree;
import dev.glissade.tree.Check;
import java.time.Duration;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A batch axis over replicas that are threads of one process, each with a number from 0. The mean
 * adds up in the order of the numbers, so it does not depend on which thread comes first.
 */
public final class ThreadBatchAxis {
  private final @Nullable Tree[] given;
  private final CyclicBarrier allGiven;
  private final CyclicBarrier allTaken;
  private final Duration patience;
  private @Nullable Tree mean;
  private volatile boolean aborted;

  /**
   * An axis of this many replicas.
   *
   * @param patience how long one waits for the others before it gives up, and they with it
   */
  public ThreadBatchAxis(int replicas, Duration patience) {
    Check.atLeast("replicas", 1, replicas);
    this.given = new Tree[replicas];
    this.patience = patience;
    this.allGiven = new CyclicBarrier(replicas, this::average);
    this.allTaken = new CyclicBarrier(replicas);
  }

  /** The axis as replica number {@code index} uses it. */
  public BatchAxis replica(int index) {
    if (index < 0 || index >= given.length) {
      throw new IllegalArgumentException(
          "index must be from 0 to %d: %d".formatted(given.length - 1, index));
    }
    return gradients -> mean(index, gradients);
  }

  /** Makes all replicas that wait, or come later, fail: for one that has to give up. */
  public void abort() {
    aborted = true;
    allGiven.reset();
    allTaken.reset();
  }

  private Tree mean(int index, Tree gradients) {
    given[index] = gradients.evaluate();
    await(allGiven);
    Tree result = mean;
    await(allTaken);
    if (result == null) {
      throw new IllegalStateException("the replicas' gradients have no mean");
    }
    return result;
  }

  private void average() {
    mean = null;
    Tree sum = null;
    for (Tree tree : given) {
      if (tree != null) {
        sum = sum == null ? tree : sum.plus(tree);
      }
    }
    mean = sum == null ? null : sum.dividedBy(given.length).evaluate();
  }

  private void await(CyclicBarrier barrier) {
    if (aborted) {
      throw new IllegalStateException("a replica gave up");
    }
    try {
      barrier.await(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for the other replicas", e);
    } catch (BrokenBarrierException | TimeoutException e) {
      throw new IllegalStateException(
          "not all of %d replicas gave gradients within %s".formatted(given.length, patience), e);
    }
  }
}
