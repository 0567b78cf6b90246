package dev.glissade;

import dev.glissade.fuse.memory.Element;
import java.util.Locale;

/**
 * How the numbers of a tensor are stored. The 16-bit types are computed in float32; what is
 * computed of them is float32 until it is stored in 16 bits again. A complex tensor is two planes
 * of its part's type.
 */
public enum DType {
  FLOAT32(Element.F32, false),
  FLOAT64(Element.F64, false),
  BFLOAT16(Element.BF16, false),
  FLOAT16(Element.F16, false),
  COMPLEX64(Element.F32, true),
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

  public boolean isComplex() {
    return complex;
  }

  /** The type of what is computed of this: float32 for the 16-bit types, else itself. */
  public DType computed() {
    return this == BFLOAT16 || this == FLOAT16 ? FLOAT32 : this;
  }

  /** The type of the real and of the imaginary part; a real type itself. */
  public DType part() {
    return switch (this) {
      case COMPLEX64 -> FLOAT32;
      case COMPLEX128 -> FLOAT64;
      default -> this;
    };
  }

  /** The complex type of which this float32 or float64 is a part. */
  DType complex() {
    return element == Element.F64 ? COMPLEX128 : COMPLEX64;
  }

  /** The documented name: {@code float32}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
