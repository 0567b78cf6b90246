package dev.glissade.algebra;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glissade.testing.MultiplierContract;
import org.junit.jupiter.api.Test;

/** The products in Java. */
class JavaMultiplierTest extends MultiplierContract {
  JavaMultiplierTest() {
    super(MatrixMultiplier.java());
  }

  @Test
  void isTheBestWithoutALibrary() {
    assertThat(MatrixMultiplier.best()).isSameAs(MatrixMultiplier.java());
    assertThat(MatrixMultiplier.best().library()).isEqualTo("Java");
  }
}
