package dev.glissade.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import dev.glissade.host.HostGradients;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The gradients that DJL keeps for some parameters, as a tree on the gradients' own memory. */
final class Gradients implements HostGradients, AutoCloseable {
  private final NDManager scope;
  private final List<NDArray> arrays = new ArrayList<>();
  private final List<ByteBuffer> memory = new ArrayList<>();

  /** The mirrors' gradients that were added to a sum that lasts only for this step. */
  private final List<NDArray> added = new ArrayList<>();

  private final Tree tree;

  /** Adds up the gradients of all devices on the first one. */
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

  /** Returns a copy of the gradients. */
  static Tree copied(List<Trainable> parameters, NDManager manager) {
    try (Gradients gradients = new Gradients(parameters, manager)) {
      return gradients.tree().copy();
    }
  }

  private NDArray sum(Trainable parameter) {
    NDArray sum = kept(parameter.path(), parameter.array());
    boolean lasting = parameter.mirrors().isEmpty() || isLasting(sum, parameter);
    for (NDArray mirror : parameter.mirrors()) {
      NDArray other = kept(parameter.path(), mirror);
      NDArray near = other.toDevice(sum.getDevice(), false);
      near.attach(scope);
      sum.addi(near);
      if (lasting) {
        // If the step fails and is tried again, it must not add this gradient twice.
        NativeArrays.clear(other, NativeArrays.memory(other), scope);
      } else {
        added.add(other);
      }
    }
    return sum;
  }

  /** Returns whether DJL keeps this array; for an uncomputed gradient it creates one each time. */
  private boolean isLasting(NDArray gradient, Trainable parameter) {
    NDArray again = kept(parameter.path(), parameter.array());
    return NativeArrays.isSame(NativeArrays.memory(gradient), NativeArrays.memory(again));
  }

  private NDArray kept(String path, NDArray array) {
    if (!array.hasGradient()) {
      throw new IllegalStateException(
          "parameter \"%s\" must have a gradient attached, but had none: call initialize after"
                  .formatted(path)
              + " Model.load");
    }
    NDArray gradient = array.getGradient();
    gradient.attach(scope);
    // If no gradient was computed, DJL returns zeros in float32.
    return gradient.getDataType() == array.getDataType()
        ? gradient
        : scope.zeros(array.getShape(), array.getDataType(), array.getDevice());
  }

  @Override
  public Tree tree() {
    return tree;
  }

  /** Returns whether all gradients are zero, as before the first backward pass. */
  @Override
  public boolean areMissing() {
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

  /** Notes that the tree is zero now, and clears the gradients of which it has copies. */
  @Override
  public void cleared() {
    for (int i = 0; i < arrays.size(); i++) {
      if (!NativeArrays.isSame(memory.get(i), NativeArrays.memory(arrays.get(i)))) {
        NativeArrays.clear(arrays.get(i), memory.get(i), scope);
      }
    }
    clearAdded();
  }

  private void clearAdded() {
    added.forEach(other -> NativeArrays.clear(other, NativeArrays.memory(other), scope));
  }

  /** Sets the gradients to zero, since DJL adds to them at the next backward pass. */
  @Override
  public void clear() {
    for (int i = 0; i < arrays.size(); i++) {
      NativeArrays.clear(arrays.get(i), memory.get(i), scope);
    }
    clearAdded();
  }

  /**
   * Sets DJL's gradients, which must be zero, to these numbers. Before the first backward pass DJL
   * has no array to write to, so this computes the gradient of each parameter's inner product with
   * its numbers.
   */
  static void begin(List<Trainable> parameters, Tree numbers, Trainer trainer) {
    try (NDManager scope = trainer.getManager().newSubManager();
        GradientCollector collector = RecordedPasses.collector(trainer)) {
      for (Trainable parameter : parameters) {
        ByteBuffer bytes =
            ByteBuffer.allocateDirect(parameter.bytes()).order(ByteOrder.nativeOrder());
        Tensor tensor = Tensor.wrap(parameter.dtype(), bytes, parameter.shape());
        numbers.select(parameter.path()::equals).copyTo(Tree.of(parameter.path(), tensor));
        NDArray array = parameter.array();
        NDArray factors = scope.create(bytes, array.getShape(), array.getDataType());
        NDArray products = array.mul(factors.toDevice(array.getDevice(), false));
        products.attach(scope);
        NDArray sum = products.sum();
        sum.attach(scope);
        collector.backward(sum);
      }
    }
  }

  /** Sets the gradients to an earlier copy of their tree. */
  @Override
  public void restore(Tree numbers) {
    numbers.copyTo(tree);
    for (int i = 0; i < arrays.size(); i++) {
      NDArray array = arrays.get(i);
      if (!NativeArrays.isSame(memory.get(i), NativeArrays.memory(array))) {
        NativeArrays.write(memory.get(i), array);
      }
    }
  }

  @Override
  public void close() {
    scope.close();
  }
}
