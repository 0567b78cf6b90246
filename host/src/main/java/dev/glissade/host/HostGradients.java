package dev.glissade.host;

import dev.glissade.Tree;

/** The gradients of one step, as the framework keeps them. */
public interface HostGradients {

  /**
   * Returns the gradients. A step sets the tree to zero unless {@link ModelStepper#zeroGradients}
   * is off, as for a framework that computes new gradients in new memory for each step.
   *
   * @return the gradients, on the framework's memory or on copies
   */
  Tree tree();

  /** {@return whether no backward pass has computed them yet} */
  default boolean areMissing() {
    return false;
  }

  /** Notes that the tree is zero now, and sets those gradients to zero of which it has copies. */
  default void cleared() {}

  /**
   * Drops the gradients, before other ones are computed or after a step has refused them: sets them
   * to zero if the framework adds to them.
   */
  void clear();

  /**
   * Sets the gradients to an earlier copy of their tree.
   *
   * @param numbers the copy
   */
  void restore(Tree numbers);
}
