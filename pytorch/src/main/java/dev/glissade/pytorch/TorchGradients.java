package dev.glissade.pytorch;

import dev.glissade.Tree;
import dev.glissade.host.HostGradients;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * The gradients that libtorch keeps for some parameters, as a tree on their memory. A gradient that
 * is not defined is zero.
 */
final class TorchGradients implements HostGradients {
  /** The address of an undefined gradient. */
  private static final long UNDEFINED = -1;

  private final List<TorchParameter> parameters;
  private final dev.glissade.@Nullable Tensor[] tensors;
  private final long[] addresses;
  private @Nullable Tree tree;

  /** The gradients that a step began with, while user code may replace them; else null. */
  private Tensor @Nullable [] pinned;

  TorchGradients(List<TorchParameter> parameters) {
    this.parameters = parameters;
    this.tensors = new dev.glissade.Tensor[parameters.size()];
    this.addresses = new long[parameters.size()];
  }

  /** Returns a copy of the gradients as they are now, which may be at other memory. */
  Tree copied() {
    return new TorchGradients(parameters).read().tree().copy();
  }

  @SuppressWarnings("ReferenceEquality") // whoever changes the list makes another one
  boolean isOf(List<TorchParameter> others) {
    return parameters == others;
  }

  /** Finds the gradients where they are now; does nothing while they are where they were. */
  TorchGradients read() {
    for (int i = 0; i < tensors.length; i++) {
      TorchParameter parameter = parameters.get(i);
      Tensor gradient = parameter.own().grad();
      long address = checked(parameter, gradient);
      if (tensors[i] == null || address != addresses[i]) {
        tree = null;
        tensors[i] = address == UNDEFINED ? zeros(parameter) : wrapped(parameter, gradient);
        addresses[i] = address;
      }
    }
    return this;
  }

  private static long checked(TorchParameter parameter, Tensor gradient) {
    if (!gradient.defined() || gradient._is_zerotensor()) {
      return UNDEFINED;
    }
    TorchMemory.require(what(parameter), gradient);
    if (gradient.nbytes() != parameter.bytes()) {
      throw mismatch(parameter, TorchMemory.wrapped(what(parameter), gradient));
    }
    return TorchMemory.address(gradient);
  }

  private static dev.glissade.Tensor wrapped(TorchParameter parameter, Tensor gradient) {
    dev.glissade.Tensor numbers = TorchMemory.wrapped(what(parameter), gradient);
    dev.glissade.Tensor like = parameter.tensor();
    if (numbers.dtype() != like.dtype() || !Arrays.equals(numbers.shape(), like.shape())) {
      throw mismatch(parameter, numbers);
    }
    return numbers;
  }

  private static IllegalArgumentException mismatch(
      TorchParameter parameter, dev.glissade.Tensor gradient) {
    dev.glissade.Tensor like = parameter.tensor();
    return new IllegalArgumentException(
        ("%s must have the parameter's type and shape, %s%s, but had %s%s: after Module.to of"
                + " another type, call zero_grad(true) of the module")
            .formatted(
                what(parameter),
                like.dtype(),
                Arrays.toString(like.shape()),
                gradient.dtype(),
                Arrays.toString(gradient.shape())));
  }

  private static String what(TorchParameter parameter) {
    return "the gradient of " + parameter.what();
  }

  private static dev.glissade.Tensor zeros(TorchParameter parameter) {
    dev.glissade.Tensor like = parameter.tensor();
    ByteBuffer zeros =
        ByteBuffer.allocateDirect(Math.toIntExact(parameter.bytes()))
            .order(ByteOrder.nativeOrder());
    return dev.glissade.Tensor.wrap(like.dtype(), zeros, like.shape());
  }

  @Override
  public Tree tree() {
    Tree made = tree;
    if (made == null) {
      Map<String, dev.glissade.Tensor> byPath = new LinkedHashMap<>();
      for (int i = 0; i < tensors.length; i++) {
        dev.glissade.Tensor tensor = tensors[i];
        if (tensor == null) {
          throw new IllegalStateException("the gradients must be read first: call read");
        }
        byPath.put(parameters.get(i).path(), tensor);
      }
      made = Tree.of(byPath);
      tree = made;
    }
    return made;
  }

  @Override
  public boolean areMissing() {
    return parameters.stream().noneMatch(parameter -> parameter.own().grad().defined());
  }

  /** Keeps the memory of the gradients until {@link #unpin}, whatever user code does to them. */
  void pin() {
    pinned =
        TorchMemory.inScope(
            () -> parameters.stream().map(TorchGradients::pinned).toArray(Tensor[]::new));
  }

  private static Tensor pinned(TorchParameter parameter) {
    Tensor gradient = new Tensor(parameter.own().grad());
    gradient.retainReference();
    return gradient;
  }

  /** Gives the parameters the gradients back that they had. */
  void unpin() {
    putBack();
    Tensor[] kept = pinned;
    pinned = null;
    if (kept != null) {
      for (Tensor each : kept) {
        each.releaseReference();
      }
    }
  }

  private void putBack() {
    if (pinned != null) {
      for (int i = 0; i < pinned.length; i++) {
        Tensor now = parameters.get(i).own().mutable_grad();
        if (!now.is_same(pinned[i])) {
          now.put(pinned[i]);
        }
      }
    }
  }

  /** Drops the graph of second derivatives, if a gradient has one, as libtorch's zero_grad does. */
  @Override
  public void cleared() {
    putBack();
    for (TorchParameter parameter : parameters) {
      Tensor gradient = parameter.own().grad();
      if (gradient.requires_grad()) {
        gradient.detach_();
      }
    }
  }

  @Override
  public void clear() {
    for (TorchParameter parameter : parameters) {
      Tensor gradient = parameter.own().grad();
      if (gradient.defined()) {
        clear(gradient);
      }
    }
  }

  /** Sets one gradient to zero. */
  static void clear(Tensor gradient) {
    if (gradient.requires_grad()) {
      gradient.detach_();
    }
    gradient.zero_();
  }

  @Override
  public void restore(Tree numbers) {
    putBack();
    numbers.copyTo(tree());
  }

  /** Sets the gradients to these numbers; allocates those that are not defined. */
  void begin(Tree numbers) {
    TorchMemory.inScope(() -> {
      for (TorchParameter parameter : parameters) {
        Tensor gradient = parameter.own().mutable_grad();
        if (!gradient.defined()) {
          gradient.put(torch.zeros_like(parameter.own().detach()));
        }
      }
      return read();
    });
    numbers.copyTo(tree());
  }
}
