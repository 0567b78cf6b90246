package dev.glissade.fuse.codegen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("vectors")
class VectorsAtAddressesTest {
  private final ByteBuffer buffer =
      ByteBuffer.allocateDirect(4 * 40).order(ByteOrder.nativeOrder());

  @BeforeEach
  void onJdk17() {
    assumeTrue(NativeVectors.AVAILABLE, "the vectors of JDK 17, with the export");
  }

  @Test
  void addressesOfPartsDifferByTheirBytes() {
    long whole = NativeVectors.address(buffer, 0, 40, 4);
    assertThat(NativeVectors.address(buffer, 8, 40, 4)).isEqualTo(whole);
    assertThat(NativeVectors.address(buffer.slice(64, 64), 0, 16, 4)).isEqualTo(whole + 64);
  }

  /** What is out of bounds would be another's memory. */
  @Test
  void boundsAreCheckedBeforeALoop() {
    assertThatThrownBy(() -> NativeVectors.address(buffer, 0, 41, 4))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> NativeVectors.address(buffer, 0, 21, 8))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> NativeVectors.address(buffer, -1, 4, 4))
        .isInstanceOf(IndexOutOfBoundsException.class);
    buffer.limit(4 * 39);
    assertThatThrownBy(() -> NativeVectors.address(buffer, 0, 40, 4))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }
}
