package dev.glissade.checkpoint;

import java.nio.ByteBuffer;
import java.util.function.DoubleConsumer;

/** Reads numbers of each stored type as doubles. */
final class NumberReader {
  /** The exponent of 2 that the bits 0 mean in E8M0. */
  private static final int LEAST_E8M0 = -127;

  private static final int NEGATIVE_ZERO = 0x80;

  private NumberReader() {}

  /** Reads all complete numbers in the buffer; of complex ones, both parts. */
  static void read(StoredType type, ByteBuffer bytes, DoubleConsumer numbers) {
    int bits = type == StoredType.C64 ? Float.SIZE : type.bits();
    while (bytes.remaining() * Byte.SIZE >= Math.max(bits, Byte.SIZE)) {
      if (type == StoredType.F4) {
        int pair = bytes.get();
        numbers.accept(small(pair & 15, 2, 1, 1));
        numbers.accept(small(pair >> 4 & 15, 2, 1, 1));
      } else {
        numbers.accept(next(type, bytes));
      }
    }
  }

  private static double next(StoredType type, ByteBuffer bytes) {
    return switch (type) {
      case F64 -> bytes.getDouble();
      case F32, C64 -> bytes.getFloat();
      case F16 -> ieee(Short.toUnsignedInt(bytes.getShort()), 5, 10);
      case BF16 -> Float.intBitsToFloat(bytes.getShort() << Short.SIZE);
      case I64 -> bytes.getLong();
      case U64 -> unsigned(bytes.getLong());
      case I32 -> bytes.getInt();
      case U32 -> Integer.toUnsignedLong(bytes.getInt());
      case I16 -> bytes.getShort();
      case U16 -> Short.toUnsignedInt(bytes.getShort());
      case I8 -> bytes.get();
      default -> ofByte(type, Byte.toUnsignedInt(bytes.get()));
    };
  }

  private static double ofByte(StoredType type, int bits) {
    return switch (type) {
      case BOOL, U8 -> bits;
      case F8_E5M2 -> ieee(bits, 5, 2);
      // Has no infinity; the largest magnitude of each sign is NaN.
      case F8_E4M3 -> (bits & 0x7f) == 0x7f ? Double.NaN : small(bits, 4, 3, 7);
      // Has no infinity and no negative zero, whose bits are the only NaN.
      case F8_E4M3FNUZ -> bits == NEGATIVE_ZERO ? Double.NaN : small(bits, 4, 3, 8);
      case F8_E5M2FNUZ -> bits == NEGATIVE_ZERO ? Double.NaN : small(bits, 5, 2, 16);
      case F8_E8M0 -> bits == 0xff ? Double.NaN : Math.scalb(1.0, bits + LEAST_E8M0);
      default -> throw new IllegalArgumentException("type must be readable, but was " + type);
    };
  }

  /** Converts an unsigned number, rounded to nearest: half of it, with the lost bit kept. */
  private static double unsigned(long bits) {
    return bits >= 0 ? bits : ((bits >>> 1) | (bits & 1)) * 2.0;
  }

  /** Decodes an IEEE 754 number: infinite or NaN if all bits of the exponent are set. */
  private static double ieee(int bits, int exponentBits, int mantissaBits) {
    int special = (1 << exponentBits) - 1;
    if ((bits >> mantissaBits & special) != special) {
      return small(bits, exponentBits, mantissaBits, special >> 1);
    }
    boolean infinite = (bits & (1 << mantissaBits) - 1) == 0;
    boolean negative = bits >> (exponentBits + mantissaBits) != 0;
    return !infinite ? Double.NaN : negative ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
  }

  /** Decodes a sign, an exponent and a mantissa, which is denormal if the exponent is 0. */
  private static double small(int bits, int exponentBits, int mantissaBits, int bias) {
    int exponent = bits >> mantissaBits & (1 << exponentBits) - 1;
    int mantissa = bits & (1 << mantissaBits) - 1;
    int whole = exponent == 0 ? mantissa : mantissa + (1 << mantissaBits);
    double size = Math.scalb((double) whole, Math.max(exponent, 1) - bias - mantissaBits);
    return bits >> (exponentBits + mantissaBits) == 0 ? size : -size;
  }
}
