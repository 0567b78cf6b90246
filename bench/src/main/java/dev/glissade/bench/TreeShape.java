package dev.glissade.bench;

import java.util.Arrays;
import java.util.List;

/**
 * The shapes of a tree's leaves.
 *
 * @param shapes one for each leaf
 */
record TreeShape(List<int[]> shapes) {

  /** Returns one leaf without rows and columns. */
  static TreeShape vector(int size) {
    return vectors(size);
  }

  /** Returns leaves without rows and columns. */
  static TreeShape vectors(int... sizes) {
    return new TreeShape(Arrays.stream(sizes).mapToObj(size -> new int[] {size}).toList());
  }

  /** Returns one matrix. */
  static TreeShape matrix(int rows, int columns) {
    return new TreeShape(List.of(new int[] {rows, columns}));
  }

  /** Returns the number of elements of each leaf. */
  int[] sizes() {
    return shapes.stream()
        .mapToInt(shape -> Arrays.stream(shape).reduce(1, Math::multiplyExact))
        .toArray();
  }

  long elements() {
    return Arrays.stream(sizes()).asLongStream().sum();
  }

  int leaves() {
    return shapes.size();
  }
}
