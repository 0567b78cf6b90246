package dev.glissade.pytorch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.glissade.Stepper;
import dev.glissade.Tree;
import dev.glissade.contrib.Contrib;
import dev.glissade.optimizer.Optimizers;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.LinearImpl;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;

/** What is stepped when a model's parameters are frozen, thawed, added, shared or moved. */
class ChangingModelTest {
  @Test
  void frozenParametersStayAndTheOthersAreSteppedAsIfAlone() {
    SmallNet net = new SmallNet();
    net.first.weight().requires_grad_(false);
    double[] before = net.params().get("first.weight");
    TorchStepper stepper = TorchStepper.of(net.named(), Contrib.prodigy());
    Stepper<?> core = Stepper.of(Contrib.prodigy(), net.tree());
    for (int number = 0; number < 5; number++) {
      net.pass(number);
      core.step(net.gradientTree());
      stepper.step();
    }
    assertThat(core.params().paths()).doesNotContain("first.weight").hasSize(3);
    for (String path : core.params().paths()) {
      assertThat(net.params().get(path))
          .containsExactly(core.params().get(path).toDoubles(), within(1e-6));
    }
    assertThat(net.params().get("first.weight")).isEqualTo(before);
  }

  @Test
  void aModelThatIsAllFrozenIsRefused() {
    SmallNet net = new SmallNet();
    TorchStepper stepper = TorchStepper.of(net.named(), Optimizers.sgd(0.1));
    for (Tensor each : net.module.parameters().get()) {
      each.requires_grad_(false);
    }
    assertThatThrownBy(stepper::step)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the model must have a parameter that is not frozen, but all 4 were");
  }

  @Test
  void aParameterThatIsThawedJoinsAndTheOthersKeepTheirState() {
    SmallNet net = new SmallNet();
    net.first.weight().requires_grad_(false);
    TorchStepper stepper = TorchStepper.of(net.named(), Optimizers.sgd(0.1).momentum(0.9));
    Tree some = net.tree();
    Stepper<?> core = Stepper.of(Optimizers.sgd(0.1).momentum(0.9), some);
    double[] frozen = net.params().get("first.weight");
    for (int number = 0; number < 6; number++) {
      if (number == 3) {
        net.first.weight().requires_grad_(true);
      }
      net.pass(number);
      core.step(net.gradientTree().select(some.structure()::hasPath));
      stepper.step();
    }
    for (String path : some.paths()) {
      assertThat(net.params().get(path))
          .containsExactly(core.params().get(path).toDoubles(), within(1e-6));
    }
    assertThat(net.params().get("first.weight")).isNotEqualTo(frozen);
  }

  @Test
  void aLayerThatIsAddedJoins() {
    SmallNet net = new SmallNet();
    TorchStepper stepper = TorchStepper.of(net.named(), Contrib.prodigy());
    net.pass(0);
    stepper.step();
    LinearImpl third = net.module.register_module("third", new LinearImpl(1, 1));
    stepper.parameters(net.named());
    Map<String, double[]> before = net.params();
    assertThat(before).hasSize(6);
    for (int number = 1; number < 30; number++) {
      int at = number;
      stepper.step(() -> third.forward(net.output(net.inputs(at))).square().mean());
    }
    net.params().forEach((path, have) -> assertThat(have).as(path).isNotEqualTo(before.get(path)));
    assertThat(stepper.steps()).isEqualTo(30);
  }

  @Test
  void aParameterThatGetsOtherMemoryIsFollowedWithItsState() {
    SmallNet net = new SmallNet();
    SmallNet still = new SmallNet();
    TorchStepper stepper = TorchStepper.of(net.named(), Optimizers.sgd(0.1).momentum(0.9));
    TorchStepper same = TorchStepper.of(still.named(), Optimizers.sgd(0.1).momentum(0.9));
    for (int number = 0; number < 6; number++) {
      if (number == 3) {
        Tensor weight = net.first.weight();
        long before = TorchMemory.address(weight);
        weight.set_data(weight.detach().clone());
        assertThat(TorchMemory.address(weight)).isNotEqualTo(before);
      }
      net.pass(number);
      stepper.step();
      still.pass(number);
      same.step();
      SavingTest.assertSame(net.params(), still.params());
    }
  }

  @Test
  void aModelThatBecomesFloat64StartsWithANewStateOfThatType() {
    SmallNet net = new SmallNet();
    TorchStepper stepper = TorchStepper.of(net.named(), Contrib.prodigy());
    net.pass(0);
    stepper.step();
    net.module.zero_grad(true);
    net.module.to(ScalarType.Double, false);
    Map<String, double[]> before = net.params();
    stepper.step(() -> net.output(net.inputs(1).to(ScalarType.Double)).square().mean());
    assertThat(stepper.steps()).isEqualTo(2);
    assertThat(net.params()).isNotEqualTo(before);
  }

  @Test
  void aParameterWithTwoNamesIsSteppedOnce() {
    Module module = new Module();
    Tensor x = new Tensor(module.register_parameter("a", torch.ones(3)));
    module.register_parameter("b", x);
    TorchStepper stepper = TorchStepper.of(module.named_parameters(), Optimizers.sgd(0.1));
    stepper.step(() -> x.sum());
    assertThat(SmallNet.numbers(x)).containsOnly(0.9f);
    assertThat(stepper.checkpoint().params().paths()).containsExactly("a");
  }

  @Test
  void undefinedGradientsAreZero() {
    SmallNet net = new SmallNet();
    Module module = net.module;
    Tensor unused = new Tensor(module.register_parameter("unused", torch.ones(3)));
    TorchStepper stepper =
        TorchStepper.of(module.named_parameters(), Optimizers.adamw(0.1).weightDecay(0.5));
    net.pass(0);
    stepper.step();
    assertThat(unused.grad().defined()).isFalse();
    assertThat(SmallNet.numbers(unused)).containsOnly(0.95f);
    module.zero_grad(true); // undefined, so the next step has no gradients at all
    stepper.step();
    assertThat(SmallNet.numbers(unused)).containsOnly(0.95f * 0.95f);
  }

  @Test
  void withoutAnyGradientTheFirstStepIsRefused() {
    SmallNet net = new SmallNet();
    TorchStepper stepper = TorchStepper.of(net.named(), Optimizers.sgd(0.1));
    assertThatThrownBy(stepper::step)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "the first step's gradients must not all be zero: run a backward pass before step");
    assertThat(stepper.steps()).isZero();
  }

  /** A stepper that is made in a scope outlives it, and so do the module's tensors. */
  @Test
  void outlivesTheScopeThatItIsMadeIn() {
    SmallNet net = new SmallNet();
    PointerScope scope = new PointerScope();
    TorchStepper stepper = TorchStepper.of(net.named(), Contrib.prodigy());
    scope.close();
    for (int number = 0; number < 3; number++) {
      net.pass(number);
      PointerScope ofStep = new PointerScope();
      stepper.step();
      ofStep.close();
    }
    assertThat(stepper.steps()).isEqualTo(3);
  }

  /** As after a step of libtorch's own, an older graph can't be differentiated. */
  @Test
  void aBackwardPassThroughParametersFromBeforeTheStepIsRefused() {
    SmallNet net = new SmallNet();
    TorchStepper stepper = TorchStepper.of(net.named(), Optimizers.sgd(0.1));
    Tensor loss = net.loss(0);
    net.pass(0);
    stepper.step();
    assertThatThrownBy(loss::backward).hasMessageContaining("modified by an inplace operation");
  }

  @Test
  void gradientsWithAGraphOfTheirOwnAreCutFromIt() {
    Module module = new Module();
    Tensor x = new Tensor(module.register_parameter("x", torch.ones(3)));
    TorchStepper stepper = TorchStepper.of(module.named_parameters(), Optimizers.sgd(0.1));
    for (int step = 0; step < 3; step++) {
      x.square()
          .sum()
          .backward(
              new Tensor(),
              new org.bytedeco.pytorch.BoolOptional(true),
              true,
              new org.bytedeco.pytorch.TensorArrayRefOptional());
      assertThat(x.grad().requires_grad()).isTrue();
      stepper.step();
      assertThat(x.grad().requires_grad()).isFalse();
      assertThat(SmallNet.numbers(x.grad())).containsOnly(0);
    }
    assertThat(SmallNet.numbers(x))
        .containsExactly(new double[] {0.512, 0.512, 0.512}, within(1e-6));
  }

  @Test
  void gradientsStayWhenTheStepMustNotClearThem() {
    SmallNet net = new SmallNet();
    TorchStepper stepper = TorchStepper.of(net.named(), Optimizers.sgd(0.1)).zeroGradients(false);
    net.pass(0);
    Map<String, double[]> gradients = net.gradients();
    stepper.step();
    SavingTest.assertSame(net.gradients(), gradients);
    net.second.weight().requires_grad_(false);
    stepper.zero_grad();
    net.second.weight().requires_grad_(true);
    net.gradients().values().forEach(g -> assertThat(g).containsOnly(0));
    assertThat(List.copyOf(net.gradients().keySet())).hasSize(4);
  }
}
