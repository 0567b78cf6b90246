package dev.glissade.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glissade.DType;
import dev.glissade.GradientTransformation;
import dev.glissade.Stepper;
import dev.glissade.Tree;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Where numbers are kept, and by how many threads they are worked on, makes no difference. */
@Tag("vectors")
public abstract class StorageContract extends OfAll {
  private static final int STEPS = 4;

  protected StorageContract(Map<String, Map<String, Object>> list) {
    super(list);
  }

  @ParameterizedTest
  @MethodSource("allTypes")
  void buffersAreSteppedLikeArrays(String name, DType dtype) {
    GradientTransformation<?> optimizer = optimizer(name);
    Stepper<?> onHeap = Stepper.of(optimizer, Problem.twoRanges(dtype));
    Tree params = Problem.direct(Problem.twoRanges(dtype));
    Stepper<?> outside = Stepper.borrowing(optimizer, params);
    for (int i = 0; i < STEPS; i++) {
      Tree gradients = Problem.gradientsOfTwoRanges(optimizer, dtype, i);
      onHeap.step(gradients);
      outside.step(Problem.direct(gradients));
    }
    assertThat(Numbers.of(params)).isEqualTo(Numbers.of(onHeap.params()));
    assertThat(Numbers.of(outside.state())).isEqualTo(Numbers.of(onHeap.state()));
  }

  @ParameterizedTest
  @MethodSource("someElementwise")
  void theNumberOfThreadsMakesNoDifference(String name) {
    GradientTransformation<?> optimizer = optimizer(name);
    Tree params = Problem.large(1);
    Stepper<?> one = Stepper.of(optimizer, params).threads(1);
    Stepper<?> two = Stepper.of(optimizer, params).threads(2);
    Stepper<?> three = Stepper.of(optimizer, params).threads(3);
    for (int i = 0; i < 3; i++) {
      Tree gradients = Problem.large(2 + i);
      one.step(gradients);
      two.step(gradients);
      three.step(gradients);
    }
    for (String leaf : params.paths()) {
      float[] expected = one.params().get(leaf).toFloats();
      assertThat(two.params().get(leaf).toFloats()).isEqualTo(expected);
      assertThat(three.params().get(leaf).toFloats()).isEqualTo(expected);
    }
  }

  /** Those some of whose steps allocate by design, as their documentation says; others don't. */
  protected Set<String> sometimesAllocating() {
    return Set.of();
  }

  @ParameterizedTest
  @MethodSource("withoutFunctions")
  @Tag("warmup")
  void aStepAllocatesNothingOnceItIsWarm(String name) {
    GradientTransformation<?> optimizer = optimizer(name);
    Stepper<?> stepper = Stepper.of(optimizer, Problem.params(DType.FLOAT32));
    Tree[] gradients = new Tree[4];
    for (int i = 0; i < gradients.length; i++) {
      gradients[i] = Problem.gradients(optimizer, DType.FLOAT32, i);
    }
    long least =
        sometimesAllocating().contains(name)
            ? Allocation.leastOfOne(stepper, gradients)
            : Allocation.least(stepper, gradients);
    assertThat(least).isZero();
  }
}
