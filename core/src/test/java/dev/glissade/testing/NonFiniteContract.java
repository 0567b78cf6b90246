package dev.glissade.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glissade.DType;
import dev.glissade.GradientTransformation;
import dev.glissade.NonFinite;
import dev.glissade.NonFiniteException;
import dev.glissade.Stepper;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Gradients and losses that are not finite are skipped or refused, and change nothing. */
@Tag("vectors")
public abstract class NonFiniteContract extends OfAll {
  protected static final String LEAF = "dense/kernel";

  protected NonFiniteContract(Map<String, Map<String, Object>> list) {
    super(list);
  }

  /** The gradients with one number replaced. */
  protected static Tree spoiled(Tree gradients, String leaf, int index, double value) {
    return gradients.mapLeaves((path, tensor) -> {
      double[] numbers = tensor.toDoubles();
      if (path.equals(leaf)) {
        numbers[index] = value;
      }
      return Tensor.of(tensor.dtype(), numbers, tensor.shape());
    });
  }

  @ParameterizedTest
  @MethodSource("allTypes")
  void aSkippedStepLeavesNoTrace(String name, DType dtype) {
    GradientTransformation<?> optimizer = optimizer(name);
    Stepper<?> skipping = Stepper.of(optimizer, Problem.twoRanges(dtype)).nonFinite(NonFinite.SKIP);
    Stepper<?> plain = Stepper.of(optimizer, Problem.twoRanges(dtype));
    for (int i = 0; i < 6; i++) {
      Tree gradients = Problem.gradientsOfTwoRanges(optimizer, dtype, i);
      if (i % 2 == 0) {
        skipping.step(spoiled(gradients, "big", 32_999, Double.NaN));
        skipping.step(Problem.direct(spoiled(gradients, "scale", 0, 1.0 / 0)));
      }
      assertThat(Numbers.of(skipping.params())).isEqualTo(Numbers.of(plain.params()));
      assertThat(Numbers.of(skipping.state())).isEqualTo(Numbers.of(plain.state()));
      skipping.step(gradients);
      plain.step(gradients);
    }
    assertThat(Numbers.of(skipping.params())).isEqualTo(Numbers.of(plain.params()));
    assertThat(skipping.skippedSteps()).isEqualTo(6);
    assertThat(skipping.steps()).isEqualTo(12);
    assertThat(plain.skippedSteps()).isZero();
  }

  @ParameterizedTest
  @MethodSource("allTypes")
  void anErrorNamesTheLeafTheIndexAndTheStep(String name, DType dtype) {
    GradientTransformation<?> optimizer = optimizer(name);
    Stepper<?> stepper = Stepper.of(optimizer, Problem.twoRanges(dtype)).nonFinite(NonFinite.ERROR);
    for (int i = 0; i < 3; i++) {
      stepper.step(Problem.gradientsOfTwoRanges(optimizer, dtype, i));
    }
    Map<String, Object> params = Numbers.of(stepper.params());
    Map<String, Object> state = Numbers.of(stepper.state());
    Tree good = Problem.gradientsOfTwoRanges(optimizer, dtype, 3);
    assertThatThrownBy(() -> stepper.step(spoiled(good, LEAF, 13, Double.NaN)))
        .isInstanceOf(NonFiniteException.class)
        .hasMessage("gradients[\"dense/kernel\"][13] is NaN at step 4");
    Tree outside = Problem.direct(spoiled(good, "big", 33_000, -1.0 / 0));
    assertThatThrownBy(() -> stepper.step(outside))
        .hasMessage("gradients[\"big\"][33000] is -Infinity at step 4");
    assertThat(Numbers.of(stepper.params())).isEqualTo(params);
    assertThat(Numbers.of(stepper.state())).isEqualTo(state);
    assertThat(stepper.steps()).isEqualTo(3);
  }
}
