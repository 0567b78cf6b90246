package dev.glissade.contrib;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.glissade.DType;
import dev.glissade.Extras;
import dev.glissade.GradientFunction;
import dev.glissade.GradientTransformation;
import dev.glissade.NonFinite;
import dev.glissade.Scalar;
import dev.glissade.Step;
import dev.glissade.Stepper;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import dev.glissade.optimizer.Optimizers;
import dev.glissade.testing.Numbers;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A stepper that sets the gradients to zero behind a step takes the same step. */
@Tag("vectors")
class ZeroGradientsTest {
  private static final int STEPS = 4;

  static Stream<Arguments> allTypes() {
    return ContractTest.allTypes();
  }

  private static void requireZero(Tree tree) {
    tree.toMap()
        .forEach((path, leaf) -> {
          double[] zeros = new double[leaf.size()];
          assertThat(leaf.real().toDoubles()).as(path).isEqualTo(zeros);
          if (leaf.dtype().isComplex()) {
            assertThat(leaf.imaginary().toDoubles()).as(path).isEqualTo(zeros);
          }
        });
  }

  @ParameterizedTest
  @MethodSource("allTypes")
  void sameStepAndZerosBehindIt(String name, DType dtype) {
    GradientTransformation<?> optimizer = AllOptimizers.optimizer(name);
    Stepper<?> plain = Stepper.of(optimizer, Problem.params(dtype));
    Stepper<?> zeroing = Stepper.of(optimizer, Problem.params(dtype)).zeroGradients(true);
    Tree gradients = StorageTest.direct(Problem.gradients(optimizer, dtype, 0));
    for (int i = 0; i < STEPS; i++) {
      Tree now = Problem.gradients(optimizer, dtype, i);
      now.copyTo(gradients);
      plain.step(now);
      zeroing.step(gradients);
      requireZero(gradients);
    }
    assertThat(Numbers.of(zeroing.params())).isEqualTo(Numbers.of(plain.params()));
    assertThat(Numbers.of(zeroing.state())).isEqualTo(Numbers.of(plain.state()));
  }

  private static Tree one(float... numbers) {
    return Tree.of("w", Tensor.wrap(numbers));
  }

  /** A sum over the gradients in the pass that sets them to zero. */
  private record Watch() implements GradientTransformation<Scalar> {
    @Override
    public Scalar initial(Tree params) {
      return Scalar.of(0);
    }

    @Override
    public Step<Scalar> step(Tree gradients, Scalar state, Tree params, Extras extras) {
      return Step.of(gradients.times(-1e-3), gradients.dot(gradients));
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {1e30, 1e20, 1, 1e-22, 1e-30})
  void sumsOfAnySizeAreAsGoodAsWithout(double size) {
    float[] numbers = new float[40_000];
    Arrays.fill(numbers, (float) size);
    Stepper<Scalar> plain = Stepper.of(new Watch(), one(new float[numbers.length]));
    Stepper<Scalar> zeroing =
        Stepper.of(new Watch(), one(new float[numbers.length])).zeroGradients(true);
    plain.step(one(numbers.clone()));
    zeroing.step(one(numbers.clone()));
    assertThat(zeroing.state().value())
        .isEqualTo(plain.state().value())
        .isCloseTo(40_000 * size * size, withinPercentage(1e-4));
  }

  @Test
  void costsFourBytes() {
    Stepper<?> stepper = Stepper.of(Optimizers.adamw(0.1), one(1, 2)).zeroGradients(true);
    stepper.step(one(3, 4));
    assertThat(stepper.explain())
        .containsPattern("writes \\[.*gradients.*\\]")
        .contains("32.0 bytes per parameter in all");
  }

  @Test
  void alsoWhereGradientsAreCopiedOrTheStepIsSkipped() {
    GradientFunction again = (params, i) -> one(1, 1);
    Stepper<?> opaque =
        Stepper.of(
                Contrib.sam(Optimizers.sgd(0.1), Optimizers.sgd(0.1), 2, true, true, null),
                one(1, 2))
            .zeroGradients(true);
    Tree gradients = one(3, 4);
    opaque.step(gradients, Extras.NONE.withGradientFunction(again));
    requireZero(gradients);
    Stepper<?> skipping =
        Stepper.of(Optimizers.sgd(0.1), one(1, 2)).nonFinite(NonFinite.SKIP).zeroGradients(true);
    Tree bad = one(Float.NaN, 4);
    skipping.step(bad);
    requireZero(bad);
    assertThat(skipping.skippedSteps()).isEqualTo(1);
    assertThat(skipping.params().get("w").toFloats()).containsExactly(1, 2);
  }

  @Test
  void asBeforeIfTheStepThrows() {
    Stepper<?> stepper =
        Stepper.of(Optimizers.sgd(0.1), one(1, 2)).nonFinite(NonFinite.ERROR).zeroGradients(true);
    Tree bad = one(Float.NaN, 4);
    assertThatThrownBy(() -> stepper.step(bad)).hasMessageContaining("gradients[\"w\"]");
    assertThat(bad.get("w").toFloats()).containsExactly(Float.NaN, 4);
  }

  @Test
  void onlyWhatIsTheCallers() {
    float[] shared = {1, 2};
    Stepper<?> stepper = Stepper.borrowing(Optimizers.sgd(0.1), one(shared)).zeroGradients(true);
    assertThatThrownBy(() -> stepper.step(Tree.of("w", Tensor.of(new float[] {1, 2}))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("gradients[\"w\"] must be on an array of its own");
    assertThatThrownBy(() -> stepper.step(one(shared)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("gradients[\"w\"] must be on an array of its own");
    assertThat(shared).containsExactly(1, 2);
  }
}
