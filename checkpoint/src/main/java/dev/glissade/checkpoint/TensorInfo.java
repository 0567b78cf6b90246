package dev.glissade.checkpoint;

import java.util.List;

/**
 * What a file's header says about one tensor.
 *
 * @param name the tensor's name
 * @param type the type of its numbers
 * @param shape the lengths of the axes
 * @param begin the offset of its first byte from the end of the header
 * @param end the offset after its last byte
 */
public record TensorInfo(String name, StoredType type, List<Long> shape, long begin, long end) {
  /**
   * Copies the shape.
   *
   * @param name any name
   * @param type any type
   * @param shape any lengths
   * @param begin any offset
   * @param end any offset
   */
  public TensorInfo {
    shape = List.copyOf(shape);
  }

  /** {@return the number of its bytes, {@code end - begin}} */
  public long bytes() {
    return end - begin;
  }
}
