package dev.glissade.fuse.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class HalfTest {
  private static final int PATTERNS = 1 << 16;

  @Test
  void everyPatternComesBack() {
    for (int bits = 0; bits < PATTERNS; bits++) {
      float brain = Half.fromBFloat16((short) bits);
      float half = Half.fromFloat16((short) bits);
      if (!Float.isNaN(brain)) {
        assertThat(Half.toBFloat16(brain)).isEqualTo((short) bits);
      }
      if (!Float.isNaN(half)) {
        assertThat(Half.toFloat16(half)).isEqualTo((short) bits);
      }
    }
  }

  @Test
  void nanStaysNan() {
    assertThat(Half.fromBFloat16(Half.toBFloat16(Float.NaN))).isNaN();
    assertThat(Half.fromFloat16(Half.toFloat16(Float.NaN))).isNaN();
    assertThat(Half.fromBFloat16(Half.toBFloat16(Float.intBitsToFloat(0x7f800001)))).isNaN();
  }

  @Test
  void knownValues() {
    assertThat(Half.fromFloat16((short) 0x3c00)).isEqualTo(1f);
    assertThat(Half.fromFloat16((short) 0x7bff)).isEqualTo(65504f);
    assertThat(Half.fromFloat16((short) 1)).isEqualTo(0x1p-24f);
    assertThat(Half.toFloat16(65520f)).isEqualTo((short) 0x7c00);
    assertThat(Half.toFloat16(65519f)).isEqualTo((short) 0x7bff);
    assertThat(Half.toFloat16(-1e30f)).isEqualTo((short) 0xfc00);
    assertThat(Half.fromBFloat16((short) 0x3f80)).isEqualTo(1f);
  }

  /** Of the two neighbors the nearer is taken, and of two as near the even one. */
  @Test
  void roundsToNearestTiesToEven() {
    assertThat(Half.toFloat16(1 + 0x1p-11f)).isEqualTo((short) 0x3c00);
    assertThat(Half.toFloat16(1 + 3 * 0x1p-11f)).isEqualTo((short) 0x3c02);
    assertThat(Half.toBFloat16(1 + 0x1p-8f)).isEqualTo((short) 0x3f80);
    assertThat(Half.toBFloat16(1 + 3 * 0x1p-8f)).isEqualTo((short) 0x3f82);
    Random random = new Random(1);
    for (int i = 0; i < 100_000; i++) {
      float x = (random.nextFloat() - 0.5f) * (float) Math.pow(10, random.nextInt(9) - 5);
      short bits = Half.toFloat16(x);
      double distance = Math.abs(Half.fromFloat16(bits) - (double) x);
      for (int step = -1; step <= 1; step += 2) {
        float neighbor = Half.fromFloat16((short) (bits + step));
        if (Float.isFinite(neighbor)) {
          assertThat(distance).isLessThanOrEqualTo(Math.abs(neighbor - (double) x));
        }
      }
    }
  }
}
