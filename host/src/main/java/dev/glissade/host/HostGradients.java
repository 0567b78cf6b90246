package dev.glissade.host;

import dev.glissade.Tree;

/** The gradients of one step, as the framework keeps them. */
public interface HostGradients {

  /** {@return the gradients, on the framework's memory or on copies; a step sets them to zero} */
  Tree tree();

  /** {@return whether no backward pass has computed them yet} */
  default boolean areMissing() {
    return false;
  }

  /** Notes that the tree is zero now, and sets those gradients to zero of which it has copies. */
  default void cleared() {}

  /** Sets all gradients to zero. */
  void clear();

  /**
   * Sets the gradients to an earlier copy of their tree.
   *
   * @param numbers the copy
   */
  void restore(Tree numbers);
}
