package dev.glissade.pytorch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.glissade.Stepper;
import dev.glissade.contrib.Contrib;
import dev.glissade.optimizer.Optimizers;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The parameters to evaluate, and back to the stepped ones. */
class EvalParamsTest {
  @Test
  void thoseOfScheduleFreeAreShownAndTakenBack() {
    SmallNet net = new SmallNet();
    SmallNet other = new SmallNet();
    TorchStepper stepper = TorchStepper.of(net.named(), Contrib.scheduleFreeAdamw(0.05));
    TorchStepper same = TorchStepper.of(other.named(), Contrib.scheduleFreeAdamw(0.05));
    Stepper<?> core = Stepper.of(Contrib.scheduleFreeAdamw(0.05), net.tree());
    stepper.showEvalParams(); // before the first step they are the same
    stepper.showStepped();
    for (int number = 0; number < 5; number++) {
      net.pass(number);
      core.step(net.gradientTree());
      stepper.step();
      other.pass(number);
      same.step();
      Map<String, double[]> stepped = net.params();
      stepper.showEvalParams();
      Map<String, double[]> shown = net.params();
      shown.forEach((path, have) ->
          assertThat(have).containsExactly(core.evalParams().get(path).toDoubles(), within(1e-6)));
      if (number > 0) {
        assertThat(shown.get("first.weight")).isNotEqualTo(stepped.get("first.weight"));
      }
      assertThat(stepper.checkpoint().params().get("first.weight").toDoubles())
          .isEqualTo(stepped.get("first.weight"));
      stepper.showStepped();
      SavingTest.assertSame(net.params(), stepped);
    }
    SavingTest.assertSame(net.params(), other.params());
  }

  @Test
  void aStepAtTheParametersToEvaluateIsRefusedAndOneThatComputesTheLossIsNot() {
    SmallNet net = new SmallNet();
    TorchStepper stepper = TorchStepper.of(net.named(), Optimizers.adam(0.05));
    net.pass(0);
    stepper.step();
    stepper.showEvalParams();
    net.pass(1);
    Map<String, double[]> before = net.params();
    assertThatThrownBy(stepper::step)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "the model must have the stepped parameters, but had those to evaluate: call"
                + " showStepped before the forward pass");
    SavingTest.assertSame(net.params(), before);
    stepper.step(() -> net.loss(1));
    net.pass(2);
    stepper.step();
    assertThat(stepper.steps()).isEqualTo(3);
  }
}
