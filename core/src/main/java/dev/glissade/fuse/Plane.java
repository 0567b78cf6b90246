package dev.glissade.fuse;

import java.lang.reflect.Array;

/**
 * A flat run of numbers of one element type: a float[], double[] or short[].
 *
 * @param borrowed whether somebody else may change the array, so that it has to be copied to be
 *     kept
 */
public record Plane(Element element, Object array, boolean borrowed) {

  public Plane(Element element, Object array) {
    this(element, array, false);
  }

  public static Plane allocate(Element element, int length) {
    return new Plane(element, element.allocate(length));
  }

  public int length() {
    return Array.getLength(array);
  }

  public Plane copy() {
    Plane copy = allocate(element, length());
    System.arraycopy(array, 0, copy.array, 0, length());
    return copy;
  }

  public double get(int index) {
    return switch (element) {
      case F32 -> ((float[]) array)[index];
      case F64 -> ((double[]) array)[index];
      case BF16 -> Half.fromBFloat16(((short[]) array)[index]);
      case F16 -> Half.fromFloat16(((short[]) array)[index]);
    };
  }

  /** All numbers, widened to double without loss. */
  public double[] toDoubles() {
    double[] out = new double[length()];
    element.load(array, 0, out, out.length);
    return out;
  }

  /** A plane of these numbers, each rounded to the nearest that the element can hold. */
  public static Plane of(Element element, double[] values) {
    Plane plane = allocate(element, values.length);
    element.store(values, plane.array, 0, values.length);
    return plane;
  }
}
