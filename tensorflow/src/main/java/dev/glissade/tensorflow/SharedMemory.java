package dev.glissade.tensorflow;

import dev.glissade.Tensor;
import java.nio.ByteBuffer;
import org.tensorflow.Session;

/**
 * A reference variable's own memory. TensorFlow does not promise that what a session fetches is the
 * variable's memory, so {@link #of} tries it out; and as long as this keeps the fetched tensor, no
 * other memory can have its address, so that the address of a newly fetched one tells whether the
 * variable still is there.
 *
 * @param path the variable's name
 * @param kept the fetched tensor
 * @param address where its numbers begin
 * @param tensor its numbers
 */
record SharedMemory(String path, org.tensorflow.Tensor kept, long address, Tensor tensor)
    implements VariableMemory {

  static SharedMemory of(GraphVariable variable, org.tensorflow.Tensor fetched) {
    return new SharedMemory(
        variable.name(),
        fetched,
        TensorMemory.address(fetched),
        TensorMemory.wrap(variable.what(), fetched));
  }

  /** Returns whether the session reads what is written to a fetched value, by doing both. */
  static boolean isShared(Session session, GraphVariable variable, org.tensorflow.Tensor fetched) {
    if (variable.isResource()) {
      return false; // another variable may have been given the same memory
    }
    ByteBuffer memory = TensorMemory.bytes(variable.what(), fetched);
    if (memory.capacity() == 0) {
      return true;
    }
    byte before = memory.get(0);
    memory.put(0, (byte) ~before);
    try (var again = session.runner().fetch(variable.read()).run()) {
      return TensorMemory.bytes(variable.what(), again.get(0)).get(0) != before;
    } finally {
      memory.put(0, before);
    }
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
