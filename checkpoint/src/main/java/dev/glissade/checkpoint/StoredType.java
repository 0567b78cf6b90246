package dev.glissade.checkpoint;

import dev.glissade.DType;
import org.jspecify.annotations.Nullable;

/** The types of numbers that a safetensors file may hold, by the names that it uses. */
public enum StoredType {
  BOOL(8),
  F4(4),
  F6_E2M3(6),
  F6_E3M2(6),
  U8(8),
  I8(8),
  F8_E5M2(8),
  F8_E4M3(8),
  F8_E8M0(8),
  F8_E4M3FNUZ(8),
  F8_E5M2FNUZ(8),
  I16(16),
  U16(16),
  F16(16, DType.FLOAT16),
  BF16(16, DType.BFLOAT16),
  I32(32),
  U32(32),
  F32(32, DType.FLOAT32),
  C64(64, DType.COMPLEX64),
  F64(64, DType.FLOAT64),
  I64(64),
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

  /** The bits of one number. */
  public int bits() {
    return bits;
  }

  /** Returns the type of tensors of these numbers; null if there is none, as for integers. */
  public @Nullable DType dtype() {
    return dtype;
  }

  /**
   * Returns whether {@link Safetensors#numbers} can read numbers of this type: all but those of 6
   * bits, whose packing the format does not specify.
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
