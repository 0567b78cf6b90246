package dev.glissade.transform;

import dev.glissade.GradientTransformation;
import dev.glissade.records.Records;

/**
 * Which axis of a weight belongs to the units of a layer's output. Some rules treat the weights of
 * each output unit as one vector.
 */
public enum WeightLayout {
  /** The last axis is the output, as in JAX, Keras and TensorFlow: (in, out). */
  IN_OUT,
  /** The first axis is the output, as in PyTorch and DJL: (out, in). */
  OUT_IN;

  /**
   * Returns a transformation all of whose rules take weights of this layout: a copy in which this
   * replaces each {@code WeightLayout}, also of the transformations inside it. The adapters to
   * frameworks call it, because they know how their framework keeps weights.
   *
   * @param <T> the transformation's type
   * @param transformation any transformation
   * @return the copy; the transformation itself if it has no rule that depends on a layout
   */
  public <T extends GradientTransformation<?>> T appliedTo(T transformation) {
    boolean depends =
        Records.leaves(transformation).values().stream()
            .anyMatch(leaf -> leaf instanceof WeightLayout layout && layout != this);
    return depends
        ? Records.map(transformation, leaf -> leaf instanceof WeightLayout ? this : leaf)
        : transformation;
  }
}
