package dev.glissade.fuse.memory;

/** Converts between float and the two 16-bit formats; rounds to nearest, ties to even. */
public final class Half {
  private static final int QUIET_NAN_BIT = 0x40;
  private static final float F16_SMALLEST_NORMAL = 0x1p-14f;
  private static final float F16_SUBNORMAL_UNIT = 0x1p-24f;

  private Half() {}

  public static float fromBFloat16(short bits) {
    return Float.intBitsToFloat(bits << 16);
  }

  public static short toBFloat16(float value) {
    int bits = Float.floatToRawIntBits(value);
    if (Float.isNaN(value)) {
      return (short) ((bits >>> 16) | QUIET_NAN_BIT);
    }
    return (short) ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16);
  }

  public static float fromFloat16(short half) {
    int sign = (half & 0x8000) << 16;
    int exponent = (half >>> 10) & 0x1f;
    int fraction = half & 0x3ff;
    if (exponent == 0) {
      float magnitude = fraction * F16_SUBNORMAL_UNIT;
      return sign == 0 ? magnitude : -magnitude;
    }
    int wide = exponent == 0x1f ? 0xff : exponent - 15 + 127;
    return Float.intBitsToFloat(sign | (wide << 23) | (fraction << 13));
  }

  public static short toFloat16(float value) {
    int bits = Float.floatToRawIntBits(value);
    int sign = (bits >>> 16) & 0x8000;
    if (Float.isNaN(value)) {
      return (short) (sign | 0x7e00);
    }
    float magnitude = Math.abs(value);
    if (magnitude < F16_SMALLEST_NORMAL) {
      return (short) (sign | (int) Math.rint(magnitude / (double) F16_SUBNORMAL_UNIT));
    }
    int body = bits & 0x7fffffff;
    int rounded = (body + 0xfff + ((body >>> 13) & 1)) >>> 13;
    int half = rounded - ((127 - 15) << 10);
    return (short) (sign | Math.min(half, 0x7c00));
  }
}
