package dev.glissade.privacy;

import dev.glissade.Tree;

/** Computes the gradient of one example's loss. */
@FunctionalInterface
public interface ExampleGradient {

  /**
   * Computes the gradient of one example's loss.
   *
   * @param params the parameters to compute it at; valid only during the call
   * @param example the example's number, from 0
   * @return a tree with the parameters' paths, shapes and computed types
   */
  Tree at(Tree params, int example);
}
