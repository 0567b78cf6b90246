package dev.glissade.pytorch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.glissade.GradientTransformation;
import dev.glissade.contrib.Contrib;
import dev.glissade.optimizer.Optimizers;
import dev.glissade.transform.Transforms;
import java.util.Map;
import org.bytedeco.pytorch.LossClosure;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Steps that compute the loss: SAM in both modes, line searches, accumulation. */
class LossFunctionsTest {
  static GradientTransformation<?> sam(boolean opaque) {
    var adversary = Transforms.chain(Contrib.normalize(), Optimizers.sgd(0.05));
    return Contrib.sam(Optimizers.adam(0.02), adversary).opaqueMode(opaque);
  }

  /** A closure of libtorch's kind. */
  private static LossClosure closure(SmallNet net, int number) {
    return new LossClosure() {
      @Override
      public Tensor call() {
        net.module.zero_grad(true);
        Tensor loss = net.loss(number);
        loss.backward();
        return loss;
      }
    };
  }

  private static double loss(SmallNet net) {
    return TorchMemory.inScope(() -> net.loss(0).item_double());
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void lbfgsFindsTheMinimum(boolean byClosure) {
    SmallNet net = new SmallNet();
    TorchStepper stepper = TorchStepper.of(net.named(), Optimizers.lbfgs());
    LossClosure closure = closure(net, 0);
    double first = loss(net);
    double returned = byClosure ? stepper.step(closure) : stepper.step(() -> net.loss(0));
    assertThat(returned).isEqualTo(first);
    for (int step = 0; step < 40; step++) {
      if (byClosure) {
        stepper.step(closure);
      } else {
        stepper.step(() -> net.loss(0));
      }
    }
    assertThat(loss(net)).isLessThan(first / 1000);
  }

  @Test
  void bothKindsOfFunctionsTakeTheSameSteps() {
    SmallNet net = new SmallNet();
    SmallNet other = new SmallNet();
    TorchStepper byFunction = TorchStepper.of(net.named(), sam(true));
    TorchStepper byClosure = TorchStepper.of(other.named(), sam(true));
    for (int number = 0; number < 5; number++) {
      int at = number;
      byFunction.step(() -> net.loss(at));
      byClosure.step(closure(other, number));
    }
    SavingTest.assertSame(net.params(), other.params());
  }

  /** Two calls in transparent mode, a climb and a descent, are one in opaque mode. */
  @Test
  void theModesOfSamTakeTheSameSteps() {
    SmallNet net = new SmallNet();
    SmallNet other = new SmallNet();
    TorchStepper transparent = TorchStepper.of(net.named(), sam(false));
    TorchStepper opaque = TorchStepper.of(other.named(), sam(true));
    for (int number = 0; number < 5; number++) {
      int at = number;
      net.pass(number);
      transparent.step();
      net.pass(number);
      transparent.step();
      opaque.step(() -> other.loss(at));
      net.params()
          .forEach((path, have) ->
              assertThat(have).containsExactly(other.params().get(path), within(1e-6)));
    }
  }

  @Test
  void theMeanOfAccumulatedPassesIsThatOfOneLargeBatch() {
    SmallNet net = new SmallNet(ScalarType.Double, 4);
    SmallNet other = new SmallNet(ScalarType.Double, 4);
    SmallNet third = new SmallNet(ScalarType.Double, 4);
    TorchStepper four = TorchStepper.of(net.named(), Contrib.momoAdam()).accumulate(4);
    TorchStepper one = TorchStepper.of(other.named(), Contrib.momoAdam());
    TorchStepper byPasses =
        TorchStepper.of(third.named(), Transforms.chain(Contrib.prodigy())).accumulate(4);
    for (int step = 0; step < 3; step++) {
      int number = step;
      for (int example = 0; example < 4; example++) {
        int at = example;
        four.step(() -> net.loss(number, at));
        TorchMemory.inScope(() -> {
          third.loss(number, at).backward();
          return true;
        });
        byPasses.step();
      }
      one.step(() -> other.loss(number));
    }
    assertThat(four.steps()).isEqualTo(3);
    assertThat(byPasses.steps()).isEqualTo(3);
    net.params()
        .forEach((path, have) ->
            assertThat(have).containsExactly(other.params().get(path), within(1e-9)));
  }

  @Test
  void anOptimizerThatAsksForTheLossSaysWhatToCall() {
    SmallNet net = new SmallNet();
    Map<String, double[]> before = net.params();
    TorchStepper search = TorchStepper.of(net.named(), Optimizers.lbfgs());
    net.pass(0);
    Map<String, double[]> gradients = net.gradients();
    assertThatThrownBy(search::step)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "the optimizer asks for losses at other parameters: call step(loss) with a function"
                + " that computes the loss");
    TorchStepper byLoss = TorchStepper.of(net.named(), Contrib.momo());
    assertThatThrownBy(byLoss::step)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "extra argument \"value\" must be given: call step(loss) with a function that computes"
                + " the loss, or step(Extras.NONE.withValue(...))");
    TorchStepper opaque = TorchStepper.of(net.named(), sam(true));
    assertThatThrownBy(opaque::step)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "the optimizer asks for gradients at other parameters: call step(loss) with a function"
                + " that computes the loss");
    SavingTest.assertSame(net.params(), before);
    SavingTest.assertSame(net.gradients(), gradients);
    opaque.accumulate(2);
    opaque.step(() -> net.loss(0));
    assertThatThrownBy(() -> opaque.step(() -> net.loss(0)))
        .hasMessage(
            "the optimizer asks for gradients at other parameters: accumulate must be 1 for an"
                + " optimizer that asks for more gradients, but was 2");
    SavingTest.assertSame(net.params(), before);
    assertThatThrownBy(() -> opaque.step(closure(net, 0)))
        .hasMessage(
            "accumulate must be 1 for a LossClosure, which sets the gradients to zero, but was 2:"
                + " call step(loss) with a function that computes the loss");
  }

  @Test
  void functionsThatReturnNoLossAreRefused() {
    SmallNet net = new SmallNet();
    TorchStepper stepper = TorchStepper.of(net.named(), Optimizers.adam(0.1));
    assertThatThrownBy(() -> stepper.step(() -> net.output(net.inputs(0))))
        .hasMessage("the loss must be a tensor of one number, but had 4: take their mean()");
    assertThatThrownBy(() -> stepper.step(() -> net.inputs(0).sum()))
        .hasMessage(
            "the loss must be computed from a trained parameter, but was not: compute it in the"
                + " function, with gradients enabled, and do not call backward there");
    assertThatThrownBy(() -> stepper.step(() -> new Tensor()))
        .hasMessage(
            "the loss must be a tensor of one number, but was none: return it from the function");
    assertThatThrownBy(() ->
            stepper.step(() -> {
              Tensor loss = net.loss(0);
              loss.backward();
              return loss;
            }))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "the loss must be computed without a backward pass, but the function had called"
                + " backward: leave that to the stepper");
    net.gradients().values().forEach(g -> assertThat(g).containsOnly(0));
    assertThat(stepper.steps()).isZero();
  }

  @Test
  void aFunctionThatThrowsChangesNothing() {
    SmallNet net = new SmallNet();
    TorchStepper stepper = TorchStepper.of(net.named(), sam(true));
    stepper.step(() -> net.loss(0));
    Map<String, double[]> before = net.params();
    int[] calls = {0};
    assertThatThrownBy(() ->
            stepper.step(() -> {
              if (++calls[0] == 2) {
                assertThat(net.params()).isNotEqualTo(before); // it has climbed
                net.module.zero_grad(true);
                throw new IllegalStateException("no loss today");
              }
              return net.loss(1);
            }))
        .hasMessage("no loss today");
    SavingTest.assertSame(net.params(), before);
    net.gradients().values().forEach(g -> assertThat(g).containsOnly(0));
    SmallNet other = new SmallNet();
    TorchStepper undisturbed = TorchStepper.of(other.named(), sam(true));
    undisturbed.step(() -> other.loss(0));
    undisturbed.step(() -> other.loss(2));
    stepper.step(() -> net.loss(2));
    SavingTest.assertSame(net.params(), other.params());
  }
}
