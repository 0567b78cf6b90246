package dev.glissade.tensorflow;

import dev.glissade.Tensor;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.tensorflow.Session;

/**
 * Numbers of a variable in memory of our own, which are assigned to it after each step. Each
 * assignment is a new tensor, since resource variables keep the tensor that they are given, and
 * other variables may be given it too.
 */
final class CopiedMemory implements VariableMemory {
  private final GraphVariable variable;
  private final org.tensorflow.Tensor own;
  private final ByteBuffer bytes;
  private final Tensor tensor;

  /** What was assigned last; while this is open, no other tensor can have its address. */
  private org.tensorflow.@Nullable Tensor assigned;

  private boolean stored;

  CopiedMemory(GraphVariable variable, org.tensorflow.Tensor fetched) {
    this.variable = variable;
    this.own = variable.allocate(fetched.shape());
    this.bytes = TensorMemory.bytes(variable.what(), own);
    this.tensor = TensorMemory.wrap(variable.what(), own);
    accepts(fetched);
  }

  @Override
  public String path() {
    return variable.name();
  }

  @Override
  public Tensor tensor() {
    return tensor;
  }

  @Override
  public long address() {
    return TensorMemory.address(own);
  }

  @Override
  public long numBytes() {
    return own.numBytes();
  }

  @Override
  public boolean isCopied() {
    return !variable.isResource();
  }

  @Override
  public boolean accepts(org.tensorflow.Tensor fetched) {
    if (!fetched.shape().equals(own.shape())) {
      return false;
    }
    if (assigned == null || TensorMemory.address(assigned) != TensorMemory.address(fetched)) {
      bytes.duplicate().put(TensorMemory.bytes(variable.what(), fetched));
    }
    return true;
  }

  @Override
  public void store() {
    stored = true;
  }

  /** Adds the assignment to a run, if the numbers have changed since the last one. */
  boolean assignIn(Session.Runner runner) {
    if (!stored) {
      return false;
    }
    org.tensorflow.Tensor value = variable.allocate(own.shape());
    TensorMemory.bytes(variable.what(), value).put(bytes.duplicate());
    close(assigned);
    assigned = value;
    GraphVariable.Assignment assignment = variable.assignment();
    runner.feed(assignment.value(), value).addTarget(assignment.target());
    return true;
  }

  /** Notes that the run has ended. */
  void hasAssigned() {
    stored = false;
  }

  private static void close(org.tensorflow.@Nullable Tensor tensor) {
    if (tensor != null) {
      tensor.close();
    }
  }

  @Override
  public void close() {
    own.close();
    close(assigned);
  }
}
