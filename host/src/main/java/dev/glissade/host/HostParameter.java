package dev.glissade.host;

import dev.glissade.Tensor;

/**
 * A trained parameter of a model, as its framework keeps it. An adapter describes the parameters
 * before each step, since models freeze, thaw, replace and move them; {@link ModelStepper} keeps
 * what it made of the first description while {@link #isSame} says that nothing has changed.
 */
public interface HostParameter {

  /** {@return the name that masks, partitions and checkpoints know it by} */
  String path();

  /**
   * Returns the numbers that steps read and overwrite: a tensor on the parameter's own memory
   * ({@code Tensor.wrap}), or on a copy, the same at each call. {@link ParameterTree} asks once.
   *
   * @return the tensor
   * @throws IllegalArgumentException if the type or the memory of the parameter is not supported
   */
  Tensor tensor();

  /**
   * Returns whether another description is of the same parameter at the same memory, so that the
   * tensor of this one still is its numbers.
   *
   * @param now a new description
   * @return whether nothing has changed but numbers
   */
  boolean isSame(HostParameter now);

  /** {@return a new description of the same parameter, at the memory that it has now} */
  default HostParameter again() {
    return this;
  }

  /** {@return whether the tensor is a copy, on which each step costs two transfers} */
  default boolean isCopied() {
    return false;
  }

  /** {@return whether the framework still has the parameter's memory} */
  default boolean isOpen() {
    return true;
  }

  /** Updates the tensor from the parameter, if it is a copy. */
  default void load() {}

  /** Updates the parameter from the tensor, if that is a copy, and whatever else mirrors it. */
  default void store() {}
}
