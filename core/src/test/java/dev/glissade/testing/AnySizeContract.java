package dev.glissade.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glissade.Applied;
import dev.glissade.DType;
import dev.glissade.GradientTransformation;
import dev.glissade.Stepper;
import dev.glissade.Tree;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Steps in place are those of the function, also where squares overflow or vanish. */
@Tag("vectors")
public abstract class AnySizeContract extends OfAll {
  private static final double[] FLOATS = {1, 1e22, 1e37, 1e-22, 1e-40};
  private static final double[] DOUBLES = {1, 1e160, 1e300, 1e-162, 1e-310};

  protected AnySizeContract(Map<String, Map<String, Object>> list) {
    super(list);
  }

  @ParameterizedTest
  @MethodSource("all")
  void inPlaceAsNot(String name) {
    for (double size : FLOATS) {
      agree(optimizer(name), DType.FLOAT32, size);
    }
    for (double size : DOUBLES) {
      agree(optimizer(name), DType.FLOAT64, size);
    }
  }

  private static <S> void agree(GradientTransformation<S> optimizer, DType dtype, double size) {
    Tree params = Problem.params(dtype);
    S state = optimizer.init(params);
    Stepper<S> stepper = Stepper.of(optimizer, params);
    for (int i = 0; i < 4; i++) {
      Tree gradients = Problem.gradients(optimizer, dtype, i).times(size).evaluate();
      Applied<S> applied = optimizer.apply(gradients, state, params);
      params = applied.params();
      state = applied.state();
      stepper.step(gradients);
      assertThat(Numbers.of(stepper.params()))
          .as("%s gradients of %s, step %d", dtype, size, i)
          .isEqualTo(Numbers.of(params));
      assertThat(Numbers.of(stepper.state()))
          .as("%s gradients of %s, step %d", dtype, size, i)
          .isEqualTo(Numbers.of(state));
    }
  }
}
