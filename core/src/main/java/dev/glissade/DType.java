package dev.glissade;

import dev.glissade.fuse.memory.Element;
import java.util.Locale;

/**
 * The type in which a tensor stores its numbers. Arithmetic on a 16-bit type is computed in
 * float32, and its result is float32 until it is stored in 16 bits again. A complex tensor consists
 * of two planes of its part's type.
 */
public enum DType {
  /** IEEE single precision, 32 bits. */
  FLOAT32(Element.F32, false),

  /** IEEE double precision, 64 bits. */
  FLOAT64(Element.F64, false),

  /** The upper 16 bits of a float32: its exponent range, 8 significant bits. */
  BFLOAT16(Element.BF16, false),

  /** IEEE half precision: 11 significant bits, at most 65504. */
  FLOAT16(Element.F16, false),

  /** Complex numbers of two float32 parts. */
  COMPLEX64(Element.F32, true),

  /** Complex numbers of two float64 parts. */
  COMPLEX128(Element.F64, true);

  private final Element element;
  private final boolean complex;

  DType(Element element, boolean complex) {
    this.element = element;
    this.complex = complex;
  }

  Element element() {
    return element;
  }

  /** {@return how many bytes a number takes in memory; a complex one has two parts} */
  public int bytes() {
    return complex ? 2 * element.bytes() : element.bytes();
  }

  /** {@return whether this is complex64 or complex128} */
  public boolean isComplex() {
    return complex;
  }

  /**
   * {@return the type in which arithmetic on this type is computed: float32 for the 16-bit types,
   * else this type}
   */
  public DType computed() {
    return this == BFLOAT16 || this == FLOAT16 ? FLOAT32 : this;
  }

  /** {@return the type of the real and imaginary parts; for a real type, the type itself} */
  public DType part() {
    return switch (this) {
      case COMPLEX64 -> FLOAT32;
      case COMPLEX128 -> FLOAT64;
      default -> this;
    };
  }

  /** Returns the complex type whose parts are this float32 or float64. */
  DType complex() {
    return element == Element.F64 ? COMPLEX128 : COMPLEX64;
  }

  /** {@return the documented name, such as {@code float32}} */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
