package dev.glissade.pytorch;

import dev.glissade.host.HostParameter;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorImpl;
import org.jspecify.annotations.Nullable;

/** A trained parameter at the memory that it had when it was described. */
final class TorchParameter implements HostParameter {
  private final Named named;
  private final long address;
  private final long bytes;

  /** Keeps the memory while a tree refers to it, even if the parameter gets other memory. */
  private final Tensor memory;

  private dev.glissade.@Nullable Tensor tensor;

  /**
   * A parameter of a model, trained or not.
   *
   * @param path its name
   * @param tensor a handle of our own
   * @param impl what the handle refers to
   */
  record Named(String path, Tensor tensor, TensorImpl impl) {
    static Named of(String path, Tensor tensor) {
      Tensor own = new Tensor(tensor);
      own.retainReference(); // so that it outlives a PointerScope of the caller
      TensorImpl impl = own.unsafeGetTensorImpl();
      impl.retainReference();
      return new Named(path, own, impl);
    }

    String what() {
      return "parameter \"" + path + "\"";
    }

    boolean isTrained() {
      return tensor.requires_grad();
    }
  }

  private TorchParameter(Named named, Tensor memory) {
    this.named = named;
    this.memory = memory;
    this.address = TorchMemory.address(memory);
    this.bytes = memory.nbytes();
  }

  /**
   * Describes a parameter.
   *
   * @throws IllegalArgumentException if its memory or its type is not supported
   */
  static TorchParameter of(Named named) {
    Tensor tensor = named.tensor();
    if (!tensor.is_leaf()) {
      throw new IllegalArgumentException(
          named.what() + " must be a leaf, but was computed from others: detach it");
    }
    TorchMemory.require(named.what(), tensor);
    TorchMemory.dtype(named.what(), tensor);
    return TorchMemory.inScope(() -> {
      Tensor memory = tensor.tensor_data();
      memory.retainReference();
      return new TorchParameter(named, memory);
    });
  }

  @Override
  public String path() {
    return named.path();
  }

  /** Returns libtorch's tensor. */
  Tensor own() {
    return named.tensor();
  }

  /** Names the parameter in errors. */
  String what() {
    return named.what();
  }

  long address() {
    return address;
  }

  long bytes() {
    return bytes;
  }

  @Override
  public dev.glissade.Tensor tensor() {
    if (tensor == null) {
      tensor = TorchMemory.wrapped(what(), memory);
    }
    return tensor;
  }

  /** Returns whether the parameter is still at this memory, with the same shape. */
  boolean isCurrent() {
    Tensor now = named.tensor();
    return TorchMemory.address(now) == address
        && now.nbytes() == bytes
        && now.is_contiguous()
        && hasShapeOf(now);
  }

  private boolean hasShapeOf(Tensor now) {
    long axes = memory.dim();
    if (now.dim() != axes) {
      return false;
    }
    for (long axis = 0; axis < axes; axis++) {
      if (now.size(axis) != memory.size(axis)) {
        return false;
      }
    }
    return true;
  }

  /** Returns whether it is the same description, which {@link TorchParameters} keeps up to date. */
  @Override
  public boolean isSame(HostParameter now) {
    return this == now;
  }

  @Override
  public TorchParameter again() {
    return isCurrent() ? this : of(named);
  }

  /** Tells libtorch that the numbers have changed, so that it refuses older backward passes. */
  @Override
  public void store() {
    named.impl().bump_version();
  }
}
