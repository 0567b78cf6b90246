package dev.glissade.tensorflow;

import dev.glissade.Tensor;
import org.jspecify.annotations.Nullable;
import org.tensorflow.Session;

/**
 * A reference variable's own memory. TensorFlow does not promise that what a session fetches is the
 * variable's memory. {@link #of} finds out without a change of the variable; and as long as this
 * keeps the fetched tensor, no other memory can have its address, so that the address of a newly
 * fetched one tells whether the variable still is there.
 *
 * @param path the variable's name
 * @param kept the fetched tensor
 * @param address where its numbers begin
 * @param tensor its numbers
 */
record SharedMemory(String path, org.tensorflow.Tensor kept, long address, Tensor tensor)
    implements VariableMemory {

  /**
   * Returns a variable's own memory; null if the session does not share it. It does if another
   * fetch has the same address while both are open, so that neither is a copy, and if what is
   * written to a fetched variable is read by the session, which a variable of our own tells.
   *
   * @param fetched the variable's value
   */
  static @Nullable SharedMemory of(
      Session session, GraphVariable variable, org.tensorflow.Tensor fetched) {
    if (variable.isResource() || !SharingTrial.succeeds()) {
      return null; // another variable may have been given the memory of a resource variable
    }
    Tensor numbers = TensorMemory.wrap(variable.what(), fetched);
    long address = TensorMemory.address(fetched);
    org.tensorflow.Tensor kept = session.runner().fetch(variable.read()).run().get(0);
    if (fetched.numBytes() > 0 && TensorMemory.address(kept) != address) {
      kept.close();
      return null;
    }
    return new SharedMemory(variable.name(), kept, TensorMemory.address(kept), numbers);
  }

  @Override
  public boolean accepts(org.tensorflow.Tensor fetched) {
    return TensorMemory.address(fetched) == address && fetched.shape().equals(kept.shape());
  }

  @Override
  public long numBytes() {
    return kept.numBytes();
  }

  @Override
  public void close() {
    kept.close();
  }
}
