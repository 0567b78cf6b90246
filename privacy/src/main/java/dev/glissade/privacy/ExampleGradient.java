package dev.glissade.privacy;

import dev.glissade.Tree;

/** The gradient of one example's loss. */
@FunctionalInterface
public interface ExampleGradient {

  /**
   * The gradient, of the parameters' form.
   *
   * @param params where; borrowed for the call
   * @param example the example's number, from 0
   */
  Tree at(Tree params, int example);
}
