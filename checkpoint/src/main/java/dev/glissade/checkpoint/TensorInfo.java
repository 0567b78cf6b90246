package dev.glissade.checkpoint;

import java.util.List;

/**
 * What a file says of one tensor.
 *
 * @param shape the lengths of the axes
 * @param begin where its bytes begin, counted from the header's end
 * @param end where they end
 */
public record TensorInfo(String name, StoredType type, List<Long> shape, long begin, long end) {
  public TensorInfo {
    shape = List.copyOf(shape);
  }

  public long bytes() {
    return end - begin;
  }
}
