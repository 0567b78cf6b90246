package dev.glissade.contrib;

import dev.glissade.Tree;

/**
 * Averages gradients over the replicas of one training run, each of which holds a part of the
 * batch. {@link Sam} in opaque mode uses it; {@link ThreadBatchAxis} is one for threads.
 */
@FunctionalInterface
public interface BatchAxis {

  /**
   * Returns the mean of what all replicas give, which is the same for each of them. Every replica
   * must call it equally often.
   *
   * @param gradients this replica's gradients
   * @return the element-wise mean over all replicas, evaluated
   */
  Tree mean(Tree gradients);
}
