package dev.glissade.transform;

/**
 * Which axis of a weight belongs to the units of a layer's output. Some rules treat the weights of
 * each output unit as one vector.
 */
public enum WeightLayout {
  /** The last axis is the output, as in JAX, Keras and TensorFlow: (in, out). */
  IN_OUT,
  /** The first axis is the output, as in PyTorch and DJL: (out, in). */
  OUT_IN
}
