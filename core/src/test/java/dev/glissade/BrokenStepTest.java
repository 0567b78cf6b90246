package dev.glissade;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glissade.fuse.memory.Element;
import dev.glissade.fuse.memory.Plane;
import dev.glissade.optimizer.Optimizers;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A failure in the middle of a pass, as of the virtual machine, by a helper thread or not. */
@Tag("vectors")
class BrokenStepTest {
  private static final int SIZE = 1 << 21;

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void theStepperRefusesToGoOn(int threads) {
    Tree params = Tree.of("w", Tensor.of(new float[SIZE]));
    Stepper<?> stepper = Stepper.of(Optimizers.sgd(0.1), params).threads(threads);
    stepper.step(params);
    Plane[] tooShort = {new Plane(Element.F32, new float[SIZE - 1])};
    Tree broken = Tree.ofPlanes(params.structure(), tooShort);
    assertThatThrownBy(() -> stepper.step(broken))
        .satisfiesAnyOf(
            e -> assertThat(e).isInstanceOf(IndexOutOfBoundsException.class),
            e -> assertThat(e).hasCauseInstanceOf(IndexOutOfBoundsException.class));
    for (Runnable use : new Runnable[] {() -> stepper.step(params), stepper::state}) {
      assertThatThrownBy(use::run)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageEndingWith(
              " of a stepper must not be called after the virtual machine failed while results were"
                  + " stored: params and state belong to no step");
    }
    Stepper<?> other = Stepper.of(Optimizers.sgd(0.1), params).threads(threads);
    other.step(params);
  }
}
