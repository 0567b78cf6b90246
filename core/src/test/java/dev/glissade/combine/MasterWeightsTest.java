package dev.glissade.combine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.glissade.Applied;
import dev.glissade.DType;
import dev.glissade.Stepper;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import dev.glissade.combine.MasterWeights.MasterWeightsState;
import dev.glissade.optimizer.Optimizers;
import dev.glissade.transform.Transforms;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The steps of float32 parameters, which those of 16 bits are rounded from. */
@Tag("vectors")
class MasterWeightsTest {
  private static final double[] START = {1, -3, 0.01, 700};
  private static final int STEPS = 40;

  private static Tree tree(DType dtype, double... numbers) {
    return Tree.of("w", Tensor.of(dtype, numbers, numbers.length));
  }

  @ParameterizedTest
  @EnumSource(names = {"BFLOAT16", "FLOAT16"})
  void parametersAreTheMastersRounded(DType dtype) {
    MasterWeights optimizer = new MasterWeights(Optimizers.adam(1e-3));
    Tree start = tree(dtype, START);
    Stepper<MasterWeightsState> stepper = Stepper.of(optimizer, start);
    Stepper<?> single = Stepper.of(Optimizers.adam(1e-3), tree(DType.FLOAT32, numbers(start)));
    Applied<MasterWeightsState> now = new Applied<>(start, optimizer.init(start));
    for (int i = 0; i < STEPS; i++) {
      Tree gradients = tree(dtype, 1, -1 - i, 0.5, i - 20);
      stepper.step(gradients);
      single.step(tree(DType.FLOAT32, numbers(gradients)));
      now = optimizer.apply(gradients, now.state(), now.params());
      requireRounded(now.params(), now.state().master(), single.params(), dtype);
      requireRounded(stepper.params(), stepper.state().master(), single.params(), dtype);
    }
    // too small for 16 bits each, 40 of them are not
    assertThat(numbers(now.params())[0]).isCloseTo(0.96, within(4e-3)).isNotEqualTo(1);
  }

  private static void requireRounded(Tree params, Tree master, Tree single, DType dtype) {
    assertThat(master.get("w").dtype()).isEqualTo(DType.FLOAT32);
    assertThat(numbers(master)).isEqualTo(numbers(single));
    assertThat(numbers(params)).isEqualTo(numbers(tree(dtype, numbers(master))));
  }

  private static double[] numbers(Tree tree) {
    return tree.get("w").toDoubles();
  }

  /** 16-bit states of the wrapped optimizer are float32. */
  @Test
  void statesOfTheInnerOptimizerAreSingle() {
    Tree start = Tree.of("w", Tensor.of(DType.BFLOAT16, new double[] {1, -3}, 2));
    var optimizer = Transforms.masterWeights(Optimizers.sgd(1e-4));
    var now = new Applied<>(start, optimizer.init(start));
    for (int i = 0; i < 30; i++) {
      now =
          optimizer.apply(
              start.fill(1).as(start.structure()).evaluate(), now.state(), now.params());
    }
    assertThat(now.state().master().get("w").dtype()).isEqualTo(DType.FLOAT32);
    assertThat(now.state().master().get("w").get(0)).isCloseTo(0.997, within(1e-5));
    assertThat(now.params().get("w").get(0)).isEqualTo(0.99609375);
  }
}
