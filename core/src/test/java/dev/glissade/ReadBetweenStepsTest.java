package dev.glissade;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import dev.glissade.optimizer.Optimizers;
import dev.glissade.testing.Allocation;
import dev.glissade.transform.Transforms;
import org.junit.jupiter.api.Test;

/** Reading the state between steps changes nothing, and the next step runs as it would have. */
class ReadBetweenStepsTest {
  private static final GradientTransformation<?> OPTIMIZER =
      Transforms.chain(Transforms.monitor("norm", Tree::norm), Optimizers.adamw(0.1));

  private static Tree tree(double a, double b) {
    return Tree.of("w", Tensor.of(new double[] {a, b}));
  }

  private static void read(Stepper<?> stepper) {
    stepper.scalar("norm");
    stepper.tree("mu");
    stepper.state();
    stepper.liveState();
    stepper.evalParams();
  }

  @Test
  void theStepsAreTheSame() {
    Stepper<?> plain = Stepper.of(OPTIMIZER, tree(1, 2));
    Stepper<?> read = Stepper.of(OPTIMIZER, tree(1, 2));
    for (int i = 1; i < 6; i++) {
      Tree gradients = tree(i, -i);
      plain.step(gradients);
      read.step(gradients);
      read(read);
      assertThat(read.scalar("norm")).isCloseTo(Math.sqrt(2) * i, offset(1e-14));
      assertThat(read.params().sameBits(plain.params())).isTrue();
      assertThat(read.tree("nu").sameBits(plain.tree("nu"))).isTrue();
    }
  }

  @Test
  void theExplanationRemains() {
    Stepper<?> stepper = Stepper.of(OPTIMIZER, tree(1, 2));
    stepper.step(tree(1, 1));
    String explained = stepper.explain();
    read(stepper);
    assertThat(stepper.explain()).isEqualTo(explained).contains("pass 1");
  }

  @Test
  void theNextStepAllocatesNothing() {
    Stepper<?> stepper = Stepper.of(OPTIMIZER, tree(1, 2));
    Tree gradients = tree(1, 1);
    stepper.step(gradients);
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 2000; i++) {
      read(stepper);
      least = Math.min(least, Allocation.of(() -> stepper.step(gradients)));
    }
    assertThat(least).isZero();
  }

  /** A state that was read keeps its numbers, but for those of live trees. */
  @Test
  void aCopyOfTheStateStays() {
    Stepper<?> stepper = Stepper.of(OPTIMIZER, tree(1, 2));
    stepper.step(tree(1, 1));
    Tree before = stepper.tree("mu");
    Object state = stepper.state();
    String text = state.toString();
    stepper.step(tree(5, 5));
    assertThat(stepper.tree("mu").sameBits(before)).isFalse();
    assertThat(state).hasToString(text);
  }
}
