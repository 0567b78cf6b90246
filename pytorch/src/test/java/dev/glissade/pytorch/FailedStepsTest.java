package dev.glissade.pytorch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glissade.Extras;
import dev.glissade.NonFinite;
import dev.glissade.NonFiniteException;
import dev.glissade.contrib.Contrib;
import dev.glissade.optimizer.Optimizers;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Numbers that are not finite, and steps that throw. */
class FailedStepsTest {
  @Test
  void gradientsThatAreNotFiniteAreSkippedOrRefused() {
    SmallNet net = new SmallNet();
    TorchStepper stepper =
        TorchStepper.of(net.named(), Contrib.prodigy()).nonFinite(NonFinite.SKIP);
    net.pass(0);
    stepper.step();
    Map<String, double[]> before = net.params();
    net.pass(1);
    net.spoil();
    stepper.step();
    SavingTest.assertSame(net.params(), before);
    net.gradients().values().forEach(g -> assertThat(g).containsOnly(0));
    assertThat(stepper.estimates()).containsEntry("skipped", 1.0).containsKey("d");
    stepper.nonFinite(NonFinite.ERROR);
    net.pass(2);
    net.spoil();
    assertThatThrownBy(stepper::step).isInstanceOf(NonFiniteException.class);
    SavingTest.assertSame(net.params(), before);
    net.gradients().values().forEach(g -> assertThat(g).containsOnly(0));
    assertThat(stepper.steps()).isEqualTo(2);
    stepper.nonFinite(NonFinite.ALLOW);
    net.pass(2);
    net.spoil();
    stepper.step();
    assertThat(net.params().get("first.weight")).contains(Double.NaN);
  }

  @Test
  void aRefusedStepEndsTheAccumulation() {
    SmallNet net = new SmallNet();
    SmallNet other = new SmallNet();
    TorchStepper stepper =
        TorchStepper.of(net.named(), Optimizers.sgd(0.1).momentum(0.9))
            .nonFinite(NonFinite.ERROR)
            .accumulate(2);
    net.pass(0);
    stepper.step();
    net.pass(1);
    net.spoil();
    assertThatThrownBy(stepper::step).isInstanceOf(NonFiniteException.class);
    SavingTest.assertSame(net.params(), other.params());
    TorchStepper undisturbed =
        TorchStepper.of(other.named(), Optimizers.sgd(0.1).momentum(0.9)).accumulate(2);
    for (int number = 2; number < 4; number++) {
      net.pass(number);
      stepper.step();
      other.pass(number);
      undisturbed.step();
    }
    SavingTest.assertSame(net.params(), other.params());
  }

  @Test
  void aStepThatThrewCanBeTriedAgain() {
    SmallNet net = new SmallNet();
    SmallNet other = new SmallNet();
    TorchStepper stepper = TorchStepper.of(net.named(), Contrib.momo());
    TorchStepper same = TorchStepper.of(other.named(), Contrib.momo());
    net.pass(0);
    other.pass(0);
    Map<String, double[]> gradients = net.gradients();
    assertThatThrownBy(stepper::step).hasMessageContaining("value");
    SavingTest.assertSame(net.gradients(), gradients);
    stepper.step(Extras.NONE.withValue(0.5));
    same.step(Extras.NONE.withValue(0.5));
    SavingTest.assertSame(net.params(), other.params());
    net.gradients().values().forEach(g -> assertThat(g).containsOnly(0));
  }

  @Test
  void zeroGradDropsABatch() {
    SmallNet net = new SmallNet();
    SmallNet other = new SmallNet();
    TorchStepper stepper = TorchStepper.of(net.named(), Optimizers.adam(0.1));
    TorchStepper same = TorchStepper.of(other.named(), Optimizers.adam(0.1));
    net.pass(0);
    stepper.zero_grad();
    net.pass(1);
    stepper.step();
    other.pass(1);
    same.step();
    SavingTest.assertSame(net.params(), other.params());
  }
}
