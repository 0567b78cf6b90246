package dev.glissade.contrib;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glissade.DType;
import dev.glissade.GradientTransformation;
import dev.glissade.Stepper;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Programs are kept for the next stepper of the same form; the arrays of the last one are not. */
class LeftBehindTest {
  private static final int MOST_TRIES = 50;

  static Set<String> all() {
    return AllOptimizers.plain().keySet();
  }

  private static List<WeakReference<Object>> arraysOf(String name) {
    GradientTransformation<?> optimizer = AllOptimizers.optimizer(name);
    Stepper<?> stepper = Stepper.of(optimizer, Problem.params(DType.FLOAT32));
    Tree gradients = Problem.gradients(optimizer, DType.FLOAT32, 0);
    stepper.step(gradients);
    stepper.step(gradients);
    List<WeakReference<Object>> arrays = new ArrayList<>();
    for (Tree tree : List.of(stepper.params(), gradients)) {
      for (Tensor tensor : tree.toMap().values()) {
        arrays.add(new WeakReference<>(tensor.array()));
      }
    }
    return arrays;
  }

  @ParameterizedTest
  @MethodSource("all")
  void nothingOfAStepperThatIsGone(String name) throws InterruptedException {
    List<WeakReference<Object>> arrays = arraysOf(name);
    assertThat(arrays).isNotEmpty();
    for (int i = 0; i < MOST_TRIES && arrays.stream().anyMatch(a -> a.get() != null); i++) {
      System.gc();
      Thread.sleep(1);
    }
    assertThat(arrays).as(name).allMatch(array -> array.get() == null);
  }
}
