package dev.glissade;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glissade.optimizer.Optimizers;
import dev.glissade.testing.Allocation;
import dev.glissade.testing.CoreOptimizers;
import dev.glissade.testing.Numbers;
import dev.glissade.testing.PackedContract;
import dev.glissade.testing.Problem;
import java.nio.FloatBuffer;
import org.junit.jupiter.api.Test;

/** Leaves that are slices of common arrays. */
class PackedTest extends PackedContract {
  PackedTest() {
    super(CoreOptimizers.plain());
  }

  /**
   * Parameters and gradients of the caller's in two arrays, each leaf at the same place of both.
   */
  @Test
  void slicesOfTheCallersArraysAreNotCopied() {
    float[] flat = {1, 2, 3, 4, 5, 6, 7};
    float[] gradients = {0, 1, -1, 1, -1, 1, 0};
    Stepper<?> stepper = Stepper.borrowing(Optimizers.adamw(0.1), slices(flat, 1));
    Stepper<?> own = Stepper.of(Optimizers.adamw(0.1), slices(flat, 1));
    for (int i = 0; i < 4; i++) {
      stepper.step(slices(gradients, 1));
      own.step(slices(gradients, 1).copy());
    }
    assertThat(stepper.explain()).doesNotContain("copies");
    assertThat(flat[0]).isEqualTo(1);
    assertThat(flat[6]).isEqualTo(7);
    for (String leaf : own.params().paths()) {
      assertThat(stepper.params().get(leaf).toFloats())
          .isEqualTo(own.params().get(leaf).toFloats());
    }
    stepper.step(slices(gradients, 2));
    assertThat(stepper.explain()).contains("on copies");
    assertThat(flat[0]).isEqualTo(1);
    assertThat(flat[6]).isEqualTo(7);
  }

  /** Two leaves on the same elements are two leaves in a copy. */
  @Test
  void tiedSlicesAreApartInACopy() {
    float[] array = {1, 2, 3};
    Tree tied =
        Tree.of(
            "a",
            Tensor.wrap(FloatBuffer.wrap(array), 3),
            "b",
            Tensor.wrap(FloatBuffer.wrap(array), 3));
    Stepper<?> stepper = Stepper.of(Optimizers.sgd(1), tied);
    stepper.step(Tree.of("a", Tensor.of(new float[] {1, 1, 1}), "b", Tensor.of(new float[3])));
    assertThat(stepper.params().get("a").toFloats()).containsExactly(0, 1, 2);
    assertThat(stepper.params().get("b").toFloats()).containsExactly(1, 2, 3);
    assertThat(array).containsExactly(1, 2, 3);
  }

  @Test
  void overlappingSlicesAreRefused() {
    float[] array = new float[7];
    Tree overlapping =
        Tree.of(
            "a", Tensor.wrap(FloatBuffer.wrap(array, 0, 3), 3),
            "b", Tensor.wrap(FloatBuffer.wrap(array, 2, 3), 3));
    assertThatThrownBy(() -> Stepper.borrowing(Optimizers.sgd(1), overlapping))
        .hasMessage(
            "params must not have two leaves on the same elements of an array, but had \"a\" and \"b\"");
    Stepper<?> stepper = Stepper.borrowing(Optimizers.sgd(1), slices(array, 1)).zeroGradients(true);
    assertThatThrownBy(() -> stepper.step(slices(array, 1)))
        .hasMessageContaining("must be on an array of its own");
    assertThatThrownBy(() -> stepper.step(slices(array, 2)))
        .hasMessageContaining("must be on an array of its own");
    assertThat(array).containsOnly(0);
  }

  /** Gradients on the arrays of other leaves' parameters are copied before these change. */
  @Test
  void gradientsMayBeOtherLeavesParameters() {
    Tensor w = Tensor.wrap(new float[] {1, 2});
    Tensor v = Tensor.wrap(new float[] {5, 6});
    Stepper<?> stepper = Stepper.borrowing(Optimizers.sgd(1.0), Tree.of("a", w, "b", v));
    stepper.step(Tree.of("a", v, "b", w));
    assertThat(w.toFloats()).containsExactly(-4, -4);
    assertThat(v.toFloats()).containsExactly(4, 4);
  }

  /** Gradients that overlap the parameters are copied before these change. */
  @Test
  void gradientsMayBeSlicesOfTheParametersArray() {
    float[] array = {1, 2, 3, 4, 5, 6, 7};
    Stepper<?> stepper = Stepper.borrowing(Optimizers.sgd(1), slices(array, 1));
    stepper.step(slices(array, 2));
    assertThat(array).containsExactly(1, -1, -1, -1, -1, -1, 7);
  }

  /** A deferred tree may be made of another's arrays, which are not the stepper's. */
  @Test
  void leavesOfAnotherTreeAreCopied() {
    Tree tree = Tree.of("a", Tensor.of(new float[] {1, 2}), "b", Tensor.of(new float[] {3}));
    for (Tree owned : new Tree[] {tree, tree.packed(), tree.plus(tree).evaluate()}) {
      float before = owned.get("a").toFloats()[0];
      Stepper<?> stepper = Stepper.of(Optimizers.sgd(1), owned.select("a"::equals));
      stepper.step(Tree.of("a", Tensor.of(new float[] {1, 1})));
      assertThat(stepper.params().get("a").toFloats()[0]).isEqualTo(before - 1);
      assertThat(owned.get("a").toFloats()[0]).isEqualTo(before);
    }
  }

  private static Tree slices(float[] array, int from) {
    return Tree.of(
        "a", Tensor.wrap(FloatBuffer.wrap(array, from, 3), 3),
        "b", Tensor.wrap(FloatBuffer.wrap(array, from + 3, 2), 2));
  }

  @Test
  void packedGradientsMayBeZeroed() {
    Tree params = Problem.large(1).packed();
    Tree gradients = Problem.large(2).packed();
    Stepper<?> stepper = Stepper.borrowing(Optimizers.adamw(1e-3), params).zeroGradients(true);
    Stepper<?> own = Stepper.of(Optimizers.adamw(1e-3), Problem.large(1));
    stepper.step(gradients);
    own.step(Problem.large(2));
    assertThat(Numbers.of(params)).isEqualTo(Numbers.of(own.params()));
    assertThat(gradients.get("leaf511").toFloats()).containsOnly(0);
    assertThat(gradients.get("leaf" + Problem.LARGE).toFloats()).containsOnly(0);
  }

  @Test
  void aStepOfPackedLeavesAllocatesNothing() {
    Tree params = Problem.params(DType.FLOAT32).packed();
    Stepper<?> stepper = Stepper.borrowing(Optimizers.adamw(1e-3), params);
    Tree[] gradients = {params.packed(), params.packed()};
    assertThat(Allocation.least(stepper, gradients)).isZero();
  }
}
