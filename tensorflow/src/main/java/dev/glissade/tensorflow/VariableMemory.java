package dev.glissade.tensorflow;

import dev.glissade.host.HostParameter;
import org.tensorflow.Session;
import org.tensorflow.Tensor;

/** The numbers of a trained variable, and where they are. */
interface VariableMemory extends HostParameter, AutoCloseable {

  /** Chooses the memory where a variable is stepped. */
  @FunctionalInterface
  interface Choice {
    /**
     * Returns the memory.
     *
     * @param fetched the variable's value, open until the next step
     */
    VariableMemory of(Session session, GraphVariable variable, Tensor fetched);
  }

  /** Returns the variable's own memory if the session shares it, else a copy. */
  static VariableMemory of(Session session, GraphVariable variable, Tensor fetched) {
    SharedMemory shared = SharedMemory.of(session, variable, fetched);
    return shared == null ? new CopiedMemory(variable, fetched) : shared;
  }

  /**
   * Takes note of the variable's value.
   *
   * @param fetched the value, open until the next step
   * @return whether the numbers still are those of the variable; if not, it has moved to another
   *     memory or has another shape
   */
  boolean accepts(Tensor fetched);

  /** {@return where the numbers begin} */
  long address();

  /** {@return how many bytes the numbers take} */
  long numBytes();

  /** Gives the memory back to TensorFlow. */
  @Override
  void close();

  @Override
  @SuppressWarnings("ReferenceEquality") // the same description for as long as nothing moves
  default boolean isSame(HostParameter now) {
    return this == now;
  }
}
