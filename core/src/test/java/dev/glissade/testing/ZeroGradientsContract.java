package dev.glissade.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glissade.DType;
import dev.glissade.GradientTransformation;
import dev.glissade.Stepper;
import dev.glissade.Tree;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Gradients of zero, at first, give no NaN. */
@Tag("vectors")
public abstract class ZeroGradientsContract extends OfAll {
  private static final int STEPS = 12;

  protected ZeroGradientsContract(Map<String, Map<String, Object>> list) {
    super(list);
  }

  @ParameterizedTest
  @MethodSource("all")
  void zeroGradientsGiveNoNan(String name) {
    GradientTransformation<?> optimizer = optimizer(name);
    Stepper<?> stepper = Stepper.of(optimizer, Problem.params(DType.FLOAT32));
    for (int i = 0; i < STEPS; i++) {
      Tree gradients = Problem.gradients(optimizer, DType.FLOAT32, i);
      stepper.step(i < STEPS / 2 ? Problem.filled(gradients, 0) : gradients);
    }
    Map<String, Object> all = Numbers.of(stepper.state());
    all.putAll(Numbers.of(stepper.params()));
    assertThat(all.toString()).doesNotContain("NaN");
  }
}
