package dev.glissade.checkpoint;

import dev.glissade.DType;
import org.jspecify.annotations.Nullable;

/** The types of numbers in a safetensors file, by the format's names. */
public enum StoredType {
  /** A boolean in one byte. */
  BOOL(8),
  /** A float of 4 bits: 2 of exponent, 1 of mantissa; two to a byte. */
  F4(4),
  /** A float of 6 bits: 2 of exponent, 3 of mantissa. */
  F6_E2M3(6),
  /** A float of 6 bits: 3 of exponent, 2 of mantissa. */
  F6_E3M2(6),
  /** An unsigned 8-bit integer. */
  U8(8),
  /** A signed 8-bit integer. */
  I8(8),
  /** A float of 8 bits: 5 of exponent, 2 of mantissa. */
  F8_E5M2(8),
  /** A float of 8 bits: 4 of exponent, 3 of mantissa; without infinity. */
  F8_E4M3(8),
  /** A power of two in 8 bits of exponent. */
  F8_E8M0(8),
  /** A float of 8 bits: 4 of exponent, 3 of mantissa; without infinity and negative zero. */
  F8_E4M3FNUZ(8),
  /** A float of 8 bits: 5 of exponent, 2 of mantissa; without infinity and negative zero. */
  F8_E5M2FNUZ(8),
  /** A signed 16-bit integer. */
  I16(16),
  /** An unsigned 16-bit integer. */
  U16(16),
  /** float16. */
  F16(16, DType.FLOAT16),
  /** bfloat16. */
  BF16(16, DType.BFLOAT16),
  /** A signed 32-bit integer. */
  I32(32),
  /** An unsigned 32-bit integer. */
  U32(32),
  /** float32. */
  F32(32, DType.FLOAT32),
  /** complex64: a float32 real part and a float32 imaginary part. */
  C64(64, DType.COMPLEX64),
  /** float64. */
  F64(64, DType.FLOAT64),
  /** A signed 64-bit integer. */
  I64(64),
  /** An unsigned 64-bit integer. */
  U64(64);

  private final int bits;
  private final @Nullable DType dtype;

  StoredType(int bits) {
    this(bits, null);
  }

  StoredType(int bits, @Nullable DType dtype) {
    this.bits = bits;
    this.dtype = dtype;
  }

  /** {@return the number of bits of one number} */
  public int bits() {
    return bits;
  }

  /** {@return the type of this library's tensors; null if it has none, as for integers} */
  public @Nullable DType dtype() {
    return dtype;
  }

  /**
   * Returns whether {@link Safetensors#numbers} can read this type.
   *
   * @return false only for the types of 6 bits, whose packing the format does not specify
   */
  public boolean isReadable() {
    return this != F6_E2M3 && this != F6_E3M2;
  }

  /** Returns the type that a tensor is stored as: F64 with a last axis of 2 for complex128. */
  static StoredType of(DType dtype) {
    return switch (dtype) {
      case FLOAT32 -> F32;
      case FLOAT64, COMPLEX128 -> F64;
      case BFLOAT16 -> BF16;
      case FLOAT16 -> F16;
      case COMPLEX64 -> C64;
    };
  }

  static @Nullable StoredType named(String name) {
    for (StoredType type : values()) {
      if (type.name().equals(name)) {
        return type;
      }
    }
    return null;
  }
}
