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

/** A stepper that sets the gradients to zero behind a step takes the same step. */
@Tag("vectors")
public abstract class ZeroingContract extends OfAll {
  private static final int STEPS = 4;

  protected ZeroingContract(Map<String, Map<String, Object>> list) {
    super(list);
  }

  protected static void requireZero(Tree tree) {
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
    GradientTransformation<?> optimizer = optimizer(name);
    Stepper<?> plain = Stepper.of(optimizer, Problem.params(dtype));
    Stepper<?> zeroing = Stepper.of(optimizer, Problem.params(dtype)).zeroGradients(true);
    Tree gradients = Problem.direct(Problem.gradients(optimizer, dtype, 0));
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
}
