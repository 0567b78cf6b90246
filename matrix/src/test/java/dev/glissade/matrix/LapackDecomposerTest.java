package dev.glissade.matrix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glissade.algebra.MatrixDecomposer;
import dev.glissade.testing.DecomposerContract;
import org.junit.jupiter.api.Test;

/** The decompositions by the LAPACK of OpenBLAS. */
class LapackDecomposerTest extends DecomposerContract {
  LapackDecomposerTest() {
    super(new LapackDecomposer());
  }

  @Test
  void isFoundAsAService() {
    assertThat(MatrixDecomposer.best()).isInstanceOf(LapackDecomposer.class);
    assertThat(MatrixDecomposer.best().library()).isEqualTo("OpenBLAS");
  }

  @Test
  void shortArraysAreRefused() {
    LapackDecomposer lapack = new LapackDecomposer();
    assertThatThrownBy(() -> lapack.eigenvectors(2, new double[3], new double[2]))
        .hasMessage("an array must have at least 4 elements, but had 3");
    assertThatThrownBy(() -> lapack.eigenvectors(2, new double[4], new double[1]))
        .hasMessage("an array must have at least 2 elements, but had 1");
    assertThatThrownBy(() -> lapack.orthonormalize(3, 2, new double[5]))
        .hasMessage("an array must have at least 6 elements, but had 5");
  }
}
