package dev.glissade.contrib;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glissade.NonFinite;
import dev.glissade.Stepper;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import dev.glissade.optimizer.Optimizers;
import dev.glissade.testing.NonFiniteContract;
import org.junit.jupiter.api.Test;

/** Gradients that are not finite are skipped or refused, and change nothing. */
class NonFiniteTest extends NonFiniteContract {
  NonFiniteTest() {
    super(AllOptimizers.ours());
  }

  @Test
  void bothPartsOfComplexNumbersAreLookedAt() {
    Tree x = Tree.of("z", Tensor.complex(new float[3], new float[3], 3));
    Tree bad = Tree.of("z", Tensor.complex(new float[3], new float[] {0, Float.NaN, 0}, 3));
    Tree both =
        Tree.of("z", Tensor.complex(new float[] {0, 0, 1f / 0}, new float[] {0, 0, Float.NaN}, 3));
    Stepper<?> stepper =
        Stepper.of(Contrib.splitRealAndImaginary(Optimizers.adam(0.1)), x)
            .nonFinite(NonFinite.ERROR);
    assertThatThrownBy(() -> stepper.step(bad))
        .hasMessage("the imaginary part of gradients[\"z\"][1] is NaN at step 1");
    assertThatThrownBy(() -> stepper.step(both))
        .hasMessage("gradients[\"z\"][2] is Infinity at step 1");
  }
}
