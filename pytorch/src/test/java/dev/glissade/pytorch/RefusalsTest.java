package dev.glissade.pytorch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glissade.Extras;
import dev.glissade.contrib.Contrib;
import dev.glissade.optimizer.Optimizers;
import java.util.Map;
import java.util.function.Supplier;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.EmbeddingImpl;
import org.bytedeco.pytorch.EmbeddingOptions;
import org.bytedeco.pytorch.LossClosure;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.StringTensorDict;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;

/** One sentence for each thing that cannot be done. */
class RefusalsTest {
  /** A trained tensor; {@code set_requires_grad} alone returns a view that does not keep it. */
  private static Tensor leaf(Tensor tensor) {
    tensor.set_requires_grad(true);
    return tensor;
  }

  private static StringTensorDict one(Tensor tensor) {
    StringTensorDict named = new StringTensorDict();
    named.insert("x", new Tensor(tensor)); // since it moves its argument
    return named;
  }

  private static void refused(Tensor tensor, String message) {
    assertThatThrownBy(() -> TorchStepper.of(one(tensor), Optimizers.sgd(0.1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
    if (tensor.is_leaf()) {
      SmallNet net = new SmallNet();
      Map<String, double[]> before = net.params();
      TorchStepper stepper = TorchStepper.of(net.named(), Optimizers.sgd(0.1));
      net.module.register_parameter("x", tensor);
      assertThatThrownBy(() -> stepper.parameters(net.module.named_parameters()))
          .hasMessage(message);
      net.pass(0);
      stepper.step(); // goes on with those of before
      assertThat(before).isNotEmpty();
    }
  }

  @Test
  void otherMemoryIsRefused() {
    Tensor elsewhere = leaf(torch.randn(new long[] {3}, new TensorOptions(new Device("meta"))));
    refused(
        elsewhere,
        "parameter \"x\" must be in the CPU's memory, but was on meta: train on the CPU, or with"
            + " libtorch's own optimizer");
    refused(
        leaf(torch.randn(3, 4).t()),
        "parameter \"x\" must be contiguous, but had the strides [1, 4]: replace it by a"
            + " contiguous() copy");
    refused(
        leaf(torch.randn(3, 4).to_sparse()),
        "parameter \"x\" must be dense, but was sparse: turn off the layer's option sparse");
    refused(
        leaf(torch.zeros(new long[] {2}, new TensorOptions(ScalarType.ComplexFloat))),
        "parameter \"x\" must be float32, float64, float16, bfloat16 or frozen, but was"
            + " ComplexFloat");
    refused(
        leaf(torch.randn(3)).exp(),
        "parameter \"x\" must be a leaf, but was computed from others: detach it");
  }

  @Test
  void aFrozenParameterMayBeAnywhere() {
    SmallNet net = new SmallNet();
    net.module.register_parameter(
        "x", torch.randn(new long[] {3}, new TensorOptions(new Device("meta"))), false);
    TorchStepper stepper = TorchStepper.of(net.named(), Optimizers.sgd(0.1));
    net.pass(0);
    stepper.step();
    assertThat(stepper.steps()).isEqualTo(1);
  }

  @Test
  void aModelWithoutParametersIsRefused() {
    assertThatThrownBy(() -> TorchStepper.of(new Module().named_parameters(), Optimizers.sgd(0.1)))
        .hasMessage(
            "the model must have a parameter, but had none: register its layers with"
                + " register_module");
  }

  @Test
  @SuppressWarnings("NullAway") // for callers without it
  void argumentsMustBeGiven() {
    assertThatThrownBy(() -> TorchStepper.of(null, Optimizers.sgd(0.1)))
        .hasMessage("parameters must be given, but were null: give module.named_parameters()");
    assertThatThrownBy(() -> TorchStepper.of(new SmallNet().named(), null))
        .hasMessage("optimizer must not be null");
    TorchStepper stepper = TorchStepper.of(new SmallNet().named(), Optimizers.sgd(0.1));
    assertThatThrownBy(() -> stepper.nonFinite(null)).hasMessage("policy must not be null");
    assertThatThrownBy(() -> stepper.step((Extras) null)).hasMessage("extras must not be null");
    assertThatThrownBy(() -> stepper.step((Supplier<Tensor>) null))
        .hasMessage("loss must not be null");
    assertThatThrownBy(() -> stepper.step((LossClosure) null))
        .hasMessage("closure must not be null");
    assertThatThrownBy(() -> stepper.stepEach(2, null)).hasMessage("loss must not be null");
    assertThatThrownBy(() -> stepper.resume(null)).hasMessage("checkpoint must not be null");
  }

  @Test
  void parametersThatOverlapAreRefused() {
    Tensor x = torch.randn(6);
    StringTensorDict named = new StringTensorDict();
    named.insert("a", leaf(x.detach()));
    named.insert("b", leaf(x.detach().narrow(0, 2, 2)));
    TorchStepper stepper = TorchStepper.of(named, Optimizers.sgd(0.1));
    assertThatThrownBy(stepper::step)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "parameters must have memory of their own, but \"a\" and \"b\" shared some: register"
                + " one tensor under both names");
  }

  @Test
  void aSparseGradientIsRefused() {
    EmbeddingOptions options = new EmbeddingOptions(5, 2);
    options.sparse().put(true);
    EmbeddingImpl embedding = new EmbeddingImpl(options);
    Module module = new Module();
    module.register_module("embedding", embedding);
    TorchStepper stepper = TorchStepper.of(module.named_parameters(), Optimizers.sgd(0.1));
    assertThatThrownBy(
            () -> stepper.step(() -> embedding.forward(torch.tensor(new long[] {1, 2})).sum()))
        .hasMessage(
            "the gradient of parameter \"embedding.weight\" must be dense, but was sparse: turn"
                + " off the layer's option sparse");
  }

  @Test
  void aGradientInAnotherOrderOrOfAnotherTypeIsRefused() {
    Tensor x = leaf(torch.randn(3, 4));
    TorchStepper stepper = TorchStepper.of(one(x), Optimizers.sgd(0.1));
    x.mutable_grad().put(torch.randn(4, 3).t());
    assertThatThrownBy(stepper::step)
        .hasMessage(
            "the gradient of parameter \"x\" must be contiguous, but had the strides [1, 3]:"
                + " replace it by a contiguous() copy");
    x.mutable_grad().put(torch.randn(3, 4).to(ScalarType.Double));
    assertThatThrownBy(stepper::step)
        .hasMessage(
            "the gradient of parameter \"x\" must have the parameter's type and shape,"
                + " float32[3, 4], but had float64[3, 4]: after Module.to of another type, call"
                + " zero_grad(true) of the module");
  }

  @Test
  void perExampleAndMeanGradientsAreNotMistaken() {
    SmallNet net = new SmallNet();
    TorchStepper each = TorchStepper.of(net.named(), Contrib.dpsgd(0.3, 5, 0.01, 7));
    net.pass(0);
    assertThatThrownBy(each::step)
        .hasMessage(
            "the optimizer must get the gradients of each example, but got their mean: call"
                + " stepEach(examples, loss)");
    assertThatThrownBy(() -> each.step(() -> net.loss(0)))
        .hasMessageContaining("call stepEach(examples, loss)");
    assertThatThrownBy(() -> each.accumulate(2))
        .hasMessage("accumulate must be 1 for an optimizer of per-example gradients, but was 2");
    assertThatThrownBy(() -> each.stepEach(0, example -> net.loss(0, example)))
        .hasMessage("examples must be at least 1, but was 0");
    TorchStepper mean = TorchStepper.of(net.named(), Optimizers.sgd(0.1));
    assertThatThrownBy(() -> mean.stepEach(4, example -> net.loss(0, example)))
        .hasMessage(
            "the optimizer must get the gradients' mean, but got those of each example: call step");
  }

  @Test
  void theGradientsOfAllExamplesMayBeTooMany() {
    SmallNet net = new SmallNet(ScalarType.Float, 200_000);
    TorchStepper each = TorchStepper.of(net.named(), Contrib.dpsgd(0.3, 5, 0.01, 7));
    assertThatThrownBy(() -> each.stepEach(1000, example -> net.loss(0, 0)))
        .hasMessage(
            "the gradients of 1000 examples for parameter \"first.weight\" must have at most"
                + " 2147483647 bytes, but had 2400000000: use smaller batches, or"
                + " PrivateTorchTrainer, which holds one example's at a time");
  }

  @Test
  void aParameterOfMoreThanABufferIsRefused() {
    Tensor huge =
        leaf(torch.empty(new long[] {600_000_000L}, new TensorOptions(ScalarType.Float), null));
    refused(
        huge,
        "parameter \"x\" must have at most 2147483647 bytes, but had 2400000000: split it, or"
            + " freeze it");
  }
}
