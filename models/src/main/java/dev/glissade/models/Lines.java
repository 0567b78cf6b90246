package dev.glissade.models;

import java.util.stream.IntStream;

/**
 * The lines of an array along one of its axes: line r runs through the elements that differ only in
 * their index on that axis. Lines are in row-major order of the other axes.
 */
record Lines(int[] shape, int axis) {
  static Lines of(int[] shape, int axis) {
    if (axis < -shape.length || axis >= shape.length) {
      throw new IllegalArgumentException(
          "axis must be from %d to %d for %d axes, but was %d"
              .formatted(-shape.length, shape.length - 1, shape.length, axis));
    }
    return new Lines(shape, axis < 0 ? axis + shape.length : axis);
  }

  /** Returns the number of elements of a line. */
  int length() {
    return shape[axis];
  }

  /** Returns the number of lines. */
  int count() {
    return IntStream.of(otherAxes()).reduce(1, Math::multiplyExact);
  }

  /** Returns the shape without the axis. */
  int[] otherAxes() {
    return IntStream.range(0, shape.length).filter(i -> i != axis).map(i -> shape[i]).toArray();
  }

  /** Returns the position of an element of a line in the array. */
  int position(int line, int j) {
    int stride = stride();
    return (line / stride * length() + j) * stride + line % stride;
  }

  private int stride() {
    int stride = 1;
    for (int i = axis + 1; i < shape.length; i++) {
      stride *= shape[i];
    }
    return stride;
  }
}
