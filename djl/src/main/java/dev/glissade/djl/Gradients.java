package dev.glissade.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The gradients that DJL keeps for some parameters, as a tree on their own memory. */
final class Gradients implements AutoCloseable {
  private final NDManager scope;
  private final List<NDArray> arrays = new ArrayList<>();
  private final List<ByteBuffer> memory = new ArrayList<>();
  private final Tree tree;

  /** Those of the devices, added up on the first one. */
  Gradients(List<Trainable> parameters, NDManager manager) {
    this.scope = manager.newSubManager();
    try {
      Map<String, Tensor> tensors = new LinkedHashMap<>();
      for (Trainable parameter : parameters) {
        NDArray gradient = sum(parameter);
        ByteBuffer bytes = NativeArrays.memory(gradient);
        arrays.add(gradient);
        memory.add(bytes);
        tensors.put(parameter.path(), Tensor.wrap(parameter.dtype(), bytes, parameter.shape()));
      }
      this.tree = Tree.of(tensors);
    } catch (RuntimeException e) {
      scope.close();
      throw e;
    }
  }

  private NDArray sum(Trainable parameter) {
    NDArray sum = kept(parameter.array());
    for (NDArray mirror : parameter.mirrors()) {
      NDArray other = kept(mirror);
      NDArray near = other.toDevice(sum.getDevice(), false);
      near.attach(scope);
      sum.addi(near);
      // A step that fails and is tried again must not add it twice.
      NativeArrays.clear(other, NativeArrays.memory(other), scope);
    }
    return sum;
  }

  private NDArray kept(NDArray array) {
    NDArray gradient = array.getGradient();
    gradient.attach(scope);
    // Where none was computed DJL gives zeros in float32.
    return gradient.getDataType() == array.getDataType()
        ? gradient
        : scope.zeros(array.getShape(), array.getDataType(), array.getDevice());
  }

  Tree tree() {
    return tree;
  }

  /** Their memory in the order of the parameters; what is read is theirs also on a GPU. */
  List<ByteBuffer> memory() {
    return memory;
  }

  /** Whether all are zero, as before the first backward pass. */
  boolean areZero() {
    for (ByteBuffer each : memory) {
      ByteBuffer bytes = each.duplicate();
      while (bytes.hasRemaining()) {
        if (bytes.get() != 0) {
          return false;
        }
      }
    }
    return true;
  }

  /** Sets them to zero: DJL adds to them at the next backward pass. */
  void clear() {
    for (int i = 0; i < arrays.size(); i++) {
      NativeArrays.clear(arrays.get(i), memory.get(i), scope);
    }
  }

  @Override
  public void close() {
    scope.close();
  }
}
