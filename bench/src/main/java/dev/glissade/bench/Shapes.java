package dev.glissade.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The leaf sizes of typical models. */
final class Shapes {
  private Shapes() {}

  /** Returns a transformer of 12 layers and 768 channels: 124 million parameters, 148 leaves. */
  static TreeShape transformer() {
    int width = 768;
    List<Integer> sizes = new ArrayList<>(List.of(50_257 * width, 1024 * width));
    for (int layer = 0; layer < 12; layer++) {
      sizes.addAll(List.of(width, width, 3 * width * width, 3 * width, width * width, width));
      sizes.addAll(List.of(width, width, 4 * width * width, 4 * width, 4 * width * width, width));
    }
    sizes.addAll(List.of(width, width));
    return TreeShape.vectors(sizes.stream().mapToInt(Integer::intValue).toArray());
  }

  /** Returns the matrix of a wide layer. */
  static TreeShape matrix() {
    return TreeShape.matrix(4096, 4096);
  }

  /** Returns 2,000 leaves of 500 elements. */
  static TreeShape small() {
    int[] sizes = new int[2000];
    Arrays.fill(sizes, 500);
    return TreeShape.vectors(sizes);
  }
}
