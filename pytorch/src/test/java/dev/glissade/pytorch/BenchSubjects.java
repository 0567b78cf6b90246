package dev.glissade.pytorch;

import dev.glissade.GradientTransformation;
import dev.glissade.host.bench.StepServer;
import dev.glissade.host.bench.StepServer.Steps;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.util.Map;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.pytorch.Adam;
import org.bytedeco.pytorch.AdamOptions;
import org.bytedeco.pytorch.AdamW;
import org.bytedeco.pytorch.AdamWOptions;
import org.bytedeco.pytorch.Optimizer;
import org.bytedeco.pytorch.StringTensorDict;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * Steps of libtorch's optimizers and of ours through the adapter, for {@code bench --peers}, on one
 * parameter of float32 numbers. Ours set the gradients to zero, theirs don't.
 */
final class BenchSubjects {
  private BenchSubjects() {}

  public static void main(String[] arguments) throws IOException {
    StepServer.serve(
        Map.of("pytorch", BenchSubjects::own, "glissade, pytorch", BenchSubjects::ours));
  }

  private static Tensor parameter(int size) {
    torch.manual_seed(1);
    Tensor parameter = torch.rand(size);
    parameter.mul_(scalar(0.1));
    parameter.set_requires_grad(true);
    parameter.mutable_grad().put(torch.zeros(size));
    return parameter;
  }

  private static org.bytedeco.pytorch.Scalar scalar(double value) {
    return new org.bytedeco.pytorch.Scalar(value);
  }

  /** Returns what writes new gradients. */
  private static Runnable gradients(Tensor parameter, int size) {
    float[] numbers = StepServer.random(size, 2);
    FloatBuffer memory = new FloatPointer(parameter.grad().data_ptr()).capacity(size).asBuffer();
    return () -> memory.put(0, numbers);
  }

  /** Returns steps of libtorch's own optimizer; null if it has none of the name. */
  static Steps own(String name, int size, int threads) {
    torch.set_num_threads(threads);
    Tensor parameter = parameter(size);
    TensorVector parameters = new TensorVector(parameter);
    Optimizer own =
        switch (name) {
          case "adam" -> new Adam(parameters, new AdamOptions(1e-3));
          case "adamw" -> new AdamW(parameters, new AdamWOptions(1e-3));
          default -> null;
        };
    return own == null
        ? null
        : StepServer.fresh(gradients(parameter, size), own::step, parameter::close);
  }

  /** Returns steps through the adapter; null for an optimizer that the server does not have. */
  static Steps ours(String name, int size, int threads) {
    GradientTransformation<?> optimizer = StepServer.optimizer(name);
    if (optimizer == null) {
      return null;
    }
    torch.set_num_threads(threads);
    Tensor parameter = parameter(size);
    Runnable gradients = gradients(parameter, size);
    StringTensorDict named = new StringTensorDict();
    named.insert("x", parameter); // moves it
    TorchStepper stepper = TorchStepper.of(named, optimizer).threads(threads);
    return StepServer.fresh(gradients, stepper::step, named::close);
  }
}
