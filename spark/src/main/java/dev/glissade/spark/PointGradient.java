package dev.glissade.spark;

import dev.glissade.Tree;

/**
 * Computes the gradient of one example: an element of the RDD. One task uses an instance at a time,
 * so it may keep workspaces.
 *
 * @param <T> the examples
 */
@FunctionalInterface
public interface PointGradient<T> {

  /**
   * Computes the gradient of one example's loss.
   *
   * @param params the parameters, not to be changed
   * @param example the example
   * @return a tree with the parameters' paths, shapes and computed types, used before the next call
   * @throws Exception if the gradient can't be computed; Spark then repeats the task
   */
  Tree at(Tree params, T example) throws Exception;
}
