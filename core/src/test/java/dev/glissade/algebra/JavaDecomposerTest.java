package dev.glissade.algebra;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glissade.testing.DecomposerContract;
import org.junit.jupiter.api.Test;

/** The decompositions in Java. */
class JavaDecomposerTest extends DecomposerContract {
  JavaDecomposerTest() {
    super(MatrixDecomposer.java());
  }

  @Test
  void isTheBestWithoutALibrary() {
    assertThat(MatrixDecomposer.best()).isSameAs(MatrixDecomposer.java());
    assertThat(MatrixDecomposer.best().library()).isEqualTo("Java");
  }
}
