package dev.glissade.pytorch;

import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import org.bytedeco.pytorch.LossClosure;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * A loss that can be computed again at other parameters.
 *
 * @param compute computes the loss
 * @param differentiates whether it also runs the backward pass, as a closure of libtorch does
 */
record TorchLoss(Supplier<? extends @Nullable Tensor> compute, boolean differentiates) {
  static TorchLoss of(Supplier<? extends @Nullable Tensor> loss) {
    return new TorchLoss(loss, false);
  }

  static TorchLoss of(LossClosure closure) {
    return new TorchLoss(closure::call, true);
  }

  /** Returns the loss, and adds its gradients to libtorch's. */
  double backward() {
    return scoped(() -> {
      Tensor loss = computed();
      if (!differentiates) {
        if (!loss.requires_grad()) {
          throw new IllegalArgumentException(
              "the loss must be computed from a trained parameter, but was not: compute it in the"
                  + " function, with gradients enabled, and do not call backward there");
        }
        backward(loss);
      }
      return loss.item_double();
    });
  }

  private static void backward(Tensor loss) {
    try {
      loss.backward();
    } catch (RuntimeException e) {
      if (String.valueOf(e.getMessage()).contains("backward through the graph a second time")) {
        throw new IllegalArgumentException(
            "the loss must be computed without a backward pass, but the function had called"
                + " backward: leave that to the stepper",
            e);
      }
      throw e;
    }
  }

  /** Returns the loss alone. */
  double forward() {
    if (differentiates) {
      return backward();
    }
    return scoped(() -> {
      NoGradGuard guard = new NoGradGuard();
      try {
        return computed().item_double();
      } finally {
        guard.close();
      }
    });
  }

  private static double scoped(DoubleSupplier body) {
    return TorchMemory.inScope(body::getAsDouble);
  }

  private Tensor computed() {
    Tensor loss = compute.get();
    if (loss == null || !loss.defined()) {
      throw new IllegalArgumentException(
          "the loss must be a tensor of one number, but was none: return it from the function");
    }
    if (loss.numel() != 1) {
      throw new IllegalArgumentException(
          "the loss must be a tensor of one number, but had %d: take their mean()"
              .formatted(loss.numel()));
    }
    return loss;
  }
}
