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

/** Leaves that are slices of common arrays. */
@Tag("vectors")
public abstract class PackedContract extends OfAll {
  private static final int STEPS = 4;

  protected PackedContract(Map<String, Map<String, Object>> list) {
    super(list);
  }

  @ParameterizedTest
  @MethodSource("allTypes")
  void packedLeavesAreSteppedLikeArraysOfTheirOwn(String name, DType dtype) {
    GradientTransformation<?> optimizer = optimizer(name);
    Stepper<?> own = Stepper.of(optimizer, Problem.params(dtype));
    Stepper<?> packed = Stepper.of(optimizer, Problem.params(dtype).packed());
    Tree params = Problem.params(dtype).packed();
    Stepper<?> mixed = Stepper.borrowing(optimizer, params);
    for (int i = 0; i < STEPS; i++) {
      Tree gradients = Problem.gradients(optimizer, dtype, i);
      own.step(gradients);
      packed.step(gradients.packed());
      mixed.step(i % 2 == 0 ? gradients : gradients.packed());
    }
    assertThat(Numbers.of(packed.params())).isEqualTo(Numbers.of(own.params()));
    assertThat(Numbers.of(packed.state())).isEqualTo(Numbers.of(own.state()));
    assertThat(Numbers.of(params)).isEqualTo(Numbers.of(own.params()));
    assertThat(Numbers.of(mixed.state())).isEqualTo(Numbers.of(own.state()));
  }

  @ParameterizedTest
  @MethodSource("elementwise")
  void manyPackedLeavesGiveTheSameBits(String name) {
    GradientTransformation<?> optimizer = optimizer(name);
    Stepper<?> own = Stepper.of(optimizer, Problem.large(1));
    Stepper<?> packed = Stepper.of(optimizer, Problem.large(1).packed()).threads(2);
    for (int i = 0; i < 3; i++) {
      own.step(Problem.large(2 + i));
      packed.step(Problem.large(2 + i).packed());
    }
    for (String leaf : own.params().paths()) {
      assertThat(packed.params().get(leaf).toFloats()).isEqualTo(own.params().get(leaf).toFloats());
    }
    if (!packed.explain().contains("a temporary")) {
      assertThat(packed.explain()).doesNotContain("copies");
    }
  }
}
