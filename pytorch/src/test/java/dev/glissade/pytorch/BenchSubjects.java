package dev.glissade.pytorch;

import dev.glissade.GradientTransformation;
import dev.glissade.optimizer.Optimizers;
import org.bytedeco.pytorch.Adam;
import org.bytedeco.pytorch.AdamOptions;
import org.bytedeco.pytorch.AdamW;
import org.bytedeco.pytorch.AdamWOptions;
import org.bytedeco.pytorch.Optimizer;
import org.bytedeco.pytorch.StringTensorDict;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/** One step on one parameter of float32 numbers, whose gradients are there. */
public final class BenchSubjects {
  private BenchSubjects() {}

  private static Tensor parameter(int size) {
    torch.manual_seed(1);
    Tensor parameter = torch.randn(size);
    parameter.set_requires_grad(true);
    parameter.mutable_grad().put(torch.randn(size));
    return parameter;
  }

  /** A step of libtorch's own optimizer; null if it has none of the name. */
  public static @Nullable Runnable own(String optimizer, int size) {
    TensorVector parameters = new TensorVector(parameter(size));
    Optimizer own =
        switch (optimizer) {
          case "adam" -> new Adam(parameters, new AdamOptions(1e-3));
          case "adamw" -> new AdamW(parameters, new AdamWOptions(1e-3));
          default -> null;
        };
    return own == null ? null : own::step;
  }

  /** A step through the adapter; null for another optimizer. */
  public static @Nullable Runnable ours(String optimizer, int size) {
    return ours(optimizer, size, false);
  }

  /** A step through the adapter that also sets the gradients to zero, as it does by default. */
  public static @Nullable Runnable ours(String optimizer, int size, boolean zeroing) {
    GradientTransformation<?> ours =
        switch (optimizer) {
          case "adam" -> Optimizers.adam(1e-3);
          case "adamw" -> Optimizers.adamw(1e-3).weightDecay(1e-2);
          default -> null;
        };
    if (ours == null) {
      return null;
    }
    StringTensorDict named = new StringTensorDict();
    named.insert("x", parameter(size));
    return TorchStepper.of(named, ours).zeroGradients(zeroing)::step;
  }
}
