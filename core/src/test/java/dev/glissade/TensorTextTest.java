package dev.glissade;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** How tensors are printed. */
class TensorTextTest {
  @Test
  void complexNumbersHaveBothParts() {
    float[] real = {1, -0.5f, Float.NaN};
    float[] imaginary = {2, -0.0f, Float.NEGATIVE_INFINITY};
    Tensor z = Tensor.complex(real, imaginary, 3);
    assertThat(z).hasToString("complex64[3] [1.0+2.0i, -0.5-0.0i, NaN-Infinityi]");
    assertThat(Tree.of("z", z).toString()).contains("1.0+2.0i");
  }

  @Test
  void theFirstEightAreShown() {
    assertThat(Tensor.of(new float[] {1, 2.5f}, 2, 1)).hasToString("float32[2, 1] [1.0, 2.5]");
    assertThat(Tensor.of(new float[] {0.1f})).hasToString("float32[1] [0.1]");
    assertThat(Tensor.of(new double[] {0.1f})).hasToString("float64[1] [0.10000000149011612]");
    assertThat(Tensor.of(new double[9]).toString()).endsWith("0.0] ...");
    assertThat(Tensor.of(new double[8]).toString()).endsWith("0.0]");
  }
}
