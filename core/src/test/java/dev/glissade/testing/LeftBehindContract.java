package dev.glissade.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glissade.DType;
import dev.glissade.GradientTransformation;
import dev.glissade.Stepper;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Programs are kept for the next stepper of the same form; the arrays of the last one are not. */
public abstract class LeftBehindContract extends OfAll {
  protected LeftBehindContract(Map<String, Map<String, Object>> list) {
    super(list);
  }

  private List<WeakReference<Object>> arraysOf(String name) {
    GradientTransformation<?> optimizer = optimizer(name);
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

  private static boolean isLeft(List<WeakReference<Object>> arrays) {
    return arrays.stream().anyMatch(array -> array.get() != null);
  }

  /**
   * Asks for collections until nothing is left. Where something is, the heap fills up: no virtual
   * machine throws an OutOfMemoryError before it has cleared the weak references.
   */
  @Test
  void nothingOfAStepperThatIsGone() {
    Map<String, List<WeakReference<Object>>> arrays = new LinkedHashMap<>();
    all().forEach(name -> arrays.put(name, arraysOf(name)));
    assertThat(arrays).isNotEmpty().allSatisfy((name, list) -> assertThat(list).isNotEmpty());
    System.gc();
    if (arrays.values().stream().anyMatch(LeftBehindContract::isLeft)) {
      fillTheHeap();
    }
    assertThat(arrays).allSatisfy((name, list) -> assertThat(isLeft(list)).as(name).isFalse());
  }

  private static void fillTheHeap() {
    List<byte[]> hog = new ArrayList<>();
    try {
      while (hog.size() < Integer.MAX_VALUE) {
        hog.add(new byte[64 << 20]);
      }
    } catch (OutOfMemoryError expected) {
      hog.clear();
    }
  }
}
