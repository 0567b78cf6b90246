package dev.glissade.models;

import dev.glissade.Tensor;

/**
 * Some examples.
 *
 * @param inputs float32 or float64 numbers of shape [examples, features]
 * @param targets a target for each example
 */
public record Batch(Tensor inputs, Targets targets) {
  /**
   * Checks that there is one target for each example.
   *
   * @throws IllegalArgumentException if inputs have another shape or type, or targets another
   *     number of examples
   */
  public Batch {
    Matrices.checkMatrix("inputs", inputs);
    if (inputs.shape()[0] != targets.size()) {
      throw new IllegalArgumentException(
          "targets must be one for each of the %d rows of inputs, but were %d"
              .formatted(inputs.shape()[0], targets.size()));
    }
  }

  /** {@return the number of examples} */
  public int size() {
    return targets.size();
  }

  /** {@return the number of inputs of each example} */
  public int features() {
    return inputs.shape()[1];
  }
}
