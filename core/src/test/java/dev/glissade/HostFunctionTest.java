package dev.glissade;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glissade.testing.Allocation;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Functions of trees that keep their arrays from step to step. */
@Tag("vectors")
class HostFunctionTest {

  /** u = reversed g of each leaf, which also sees the parameters. */
  private static GradientTransformation<Scalar> reversing(AtomicInteger made) {
    return GradientTransformation.of(
        params -> Scalar.of(0),
        (g, state, x) -> {
          Tree u =
              Tree.callback(
                  List.of(g, x.times(2)),
                  () -> {
                    made.incrementAndGet();
                    return HostFunctionTest::reverse;
                  },
                  g.structure().computed());
          return Step.of(u, state.plus(1));
        });
  }

  private static void reverse(Tensor[][] operands, Tensor[] result) {
    for (int leaf = 0; leaf < result.length; leaf++) {
      float[] to = (float[]) result[leaf].array();
      for (int i = 0; i < to.length; i++) {
        int from = to.length - 1 - i;
        to[i] = (float) (operands[0][leaf].get(from) + operands[1][leaf].get(i));
      }
    }
  }

  private static Tree tree(float... numbers) {
    return Tree.of("a", Tensor.of(numbers), "b", Tensor.of(new float[] {numbers[0]}, 1, 1));
  }

  @Test
  void computesInPlaceAndFunctionally() {
    AtomicInteger made = new AtomicInteger();
    GradientTransformation<Scalar> optimizer = reversing(made);
    Stepper<Scalar> stepper = Stepper.of(optimizer, tree(1, 2, 3));
    stepper.step(tree(10, 20, 30));
    // x + reversed g + 2 x
    assertThat(stepper.params().get("a").toFloats()).containsExactly(33, 26, 19);
    assertThat(stepper.params().get("b").toFloats()).containsExactly(13);
    stepper.step(tree(0, 0, 1));
    assertThat(stepper.params().get("a").toFloats()).containsExactly(100, 78, 57);
    assertThat(made).hasValue(1);
    Step<Scalar> step = optimizer.update(tree(10, 20, 30), Scalar.of(0), tree(1, 2, 3));
    Step<Scalar> again = optimizer.update(tree(1, 1, 1), Scalar.of(0), tree(0, 0, 0));
    assertThat(step.updates().get("a").toFloats()).containsExactly(32, 24, 16);
    assertThat(again.updates().get("a").toFloats()).containsExactly(1, 1, 1);
  }

  @Test
  void aWarmStepAllocatesNothing() {
    Stepper<Scalar> stepper = Stepper.of(reversing(new AtomicInteger()), tree(1, 2, 3));
    assertThat(Allocation.least(stepper, tree(1e-3f, 0, 0))).isZero();
  }

  @Test
  void readsBuffersHalvesAndJoinedTrees() {
    ByteBuffer bytes = ByteBuffer.allocateDirect(12).order(ByteOrder.nativeOrder());
    bytes.asFloatBuffer().put(new float[] {10, 20, 30});
    Tree direct = Tree.of("a", Tensor.wrap(DType.FLOAT32, bytes, 3));
    Tree x = Tree.of("a", Tensor.of(new float[] {1, 2, 3}));
    GradientTransformation<Scalar> optimizer = reversing(new AtomicInteger());
    float[] want = {32, 24, 16};
    for (Tree g : List.of(direct, x.times(0).plus(direct).evaluate().as(DType.BFLOAT16))) {
      assertThat(optimizer.update(g.evaluate(), Scalar.of(0), x).updates().get("a").toFloats())
          .containsExactly(want);
    }
    Tree joined = tree(10, 20, 30).joined();
    Tree half = tree(1, 2, 3).joined();
    Tree both =
        Tree.callback(
            List.of(joined, half), () -> HostFunctionTest::reverse, joined.structure().computed());
    // a joined tree is one vector: 10, 20, 30, 10 reversed, plus 1, 2, 3, 1
    assertThat(both.separated().evaluate().get("a").toFloats()).containsExactly(11, 32, 23);
    assertThat(both.separated().evaluate().get("b").toFloats()).containsExactly(11);
  }

  @Test
  void anExceptionLeavesParametersAndState() {
    List<Integer> calls = new ArrayList<>();
    GradientTransformation<Scalar> optimizer =
        GradientTransformation.of(
            params -> Scalar.of(0),
            (g, state, x) ->
                Step.of(
                    Tree.callback(
                        List.of(g),
                        () ->
                            (operands, result) -> {
                              calls.add(1);
                              throw new IllegalStateException("no result");
                            },
                        g.structure()),
                    state.plus(1)));
    Stepper<Scalar> stepper = Stepper.of(optimizer, tree(1, 2, 3));
    assertThatThrownBy(() -> stepper.step(tree(1, 1, 1))).hasMessageContaining("no result");
    assertThat(stepper.params().get("a").toFloats()).containsExactly(1, 2, 3);
    assertThat(stepper.state().value()).isZero();
    assertThat(calls).hasSize(1);
  }

  @Test
  void aResultOfA16BitTypeIsRefused() {
    Tree half = tree(1, 2).as(DType.BFLOAT16).evaluate();
    assertThatThrownBy(
            () -> Tree.callback(List.of(half), () -> HostFunctionTest::reverse, half.structure()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(
            "the result of a host function must have leaves of types that are computed with");
  }
}
