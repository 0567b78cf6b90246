package dev.glissade.pytorch;

import dev.glissade.Tree;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.LinearImpl;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.StringTensorDict;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Two linear layers, three inputs and one output, and passes through them. */
final class SmallNet {
  final Module module = new Module();
  final LinearImpl first;
  final LinearImpl second;
  private final ScalarType type;

  SmallNet() {
    this(ScalarType.Float, 4);
  }

  /** With a number of units between the layers. */
  SmallNet(ScalarType type, int units) {
    this.type = type;
    torch.manual_seed(5);
    first = module.register_module("first", new LinearImpl(3, units));
    second = module.register_module("second", new LinearImpl(units, 1));
    module.to(type, false);
  }

  StringTensorDict named() {
    return module.named_parameters();
  }

  /** The loss of the batch of a number: of four examples. */
  Tensor loss(int number) {
    Tensor x = inputs(number);
    Tensor y = x.sum(1).mul(new Scalar(2)).unsqueeze(1);
    return torch.mse_loss(output(x), y);
  }

  Tensor output(Tensor x) {
    return second.forward(first.forward(x).tanh());
  }

  Tensor inputs(int number) {
    float[] numbers = new float[12];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = (float) Math.sin(i * (0.7 + number));
    }
    return torch.tensor(numbers).reshape(4, 3).to(type);
  }

  /** The loss of one example of a batch. */
  Tensor loss(int number, int example) {
    Tensor x = inputs(number).slice(0, opt(example), opt(example + 1), 1);
    Tensor y = x.sum(1).mul(new Scalar(2)).unsqueeze(1);
    return torch.mse_loss(output(x), y);
  }

  private static LongOptional opt(long number) {
    return new LongOptional(number);
  }

  /** A forward and a backward pass. */
  void pass(int number) {
    PointerScope scope = new PointerScope();
    try {
      loss(number).backward();
    } finally {
      scope.close();
    }
  }

  /** All parameters by name. */
  Map<String, double[]> params() {
    Map<String, double[]> all = new TreeMap<>();
    each((path, tensor) -> all.put(path, numbers(tensor)));
    return all;
  }

  /** All gradients by name; zeros for those that are not defined; none of frozen parameters. */
  Map<String, double[]> gradients() {
    Map<String, double[]> all = new TreeMap<>();
    each((path, tensor) -> {
      if (tensor.requires_grad()) {
        Tensor gradient = tensor.grad();
        all.put(
            path,
            gradient.defined() ? numbers(gradient) : new double[Math.toIntExact(tensor.numel())]);
      }
    });
    return all;
  }

  static double[] numbers(Tensor tensor) {
    return TorchMemory.wrapped("the tensor", tensor).toDoubles();
  }

  /** A copy of the parameters that are not frozen. */
  Tree tree() {
    Map<String, dev.glissade.Tensor> all = new LinkedHashMap<>();
    each((path, tensor) -> {
      if (tensor.requires_grad()) {
        all.put(path, TorchMemory.wrapped(path, tensor));
      }
    });
    return Tree.of(all).copy();
  }

  /** A copy of the gradients of the parameters that are not frozen. */
  Tree gradientTree() {
    Map<String, dev.glissade.Tensor> all = new LinkedHashMap<>();
    each((path, tensor) -> {
      if (tensor.requires_grad()) {
        all.put(path, TorchMemory.wrapped(path, tensor.grad()));
      }
    });
    return Tree.of(all).copy();
  }

  /** Sets the parameters. */
  void set(Tree numbers) {
    each((path, tensor) ->
        numbers.select(path::equals).copyTo(Tree.of(path, TorchMemory.wrapped(path, tensor))));
  }

  private interface Visitor {
    void accept(String path, Tensor tensor);
  }

  private void each(Visitor visitor) {
    StringTensorDict all = named();
    for (long i = 0; i < all.size(); i++) {
      visitor.accept(all.get(i).key().getString(), all.get(i).value());
    }
  }

  /** Spoils the gradient of the first layer's weight. */
  void spoil() {
    first.weight().grad().fill_(new Scalar(Double.NaN));
  }
}
