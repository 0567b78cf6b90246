package dev.glissade.arena.model;

import dev.glissade.arena.data.Dataset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A classifier whose parameters are the caller's: ordered named arrays, row-major.
 *
 * <p>Layer i has {@code dense<i>/kernel} of shape [in, out] and {@code dense<i>/bias} of shape
 * [out]. A model reuses its workspaces, so each thread needs one of its own.
 */
public interface Model {
  /** logits = x W + b. */
  static Model softmax(int features, int classes) {
    return mlp(features, List.of(), classes);
  }

  /** Layers of the given sizes with max(0, x W + b), then logits = x W + b. */
  static Model mlp(int features, List<Integer> hidden, int classes) {
    return new Mlp(features, hidden, classes);
  }

  /** The kind and the sizes: "MLP 64-64-10", "softmax regression 64-10". */
  String description();

  /** The shape of each parameter, in order. */
  Map<String, int[]> shapes();

  /**
   * New parameters: kernels of ReLU layers normal with variance 2 / in (He et al. 2015), the last
   * kernel normal with variance 2 / (in + out) (Glorot and Bengio 2010), biases 0. The normals come
   * from {@code new SplittableRandom(seed)} by Box and Muller in StrictMath, so a seed means the
   * same everywhere.
   */
  Map<String, float[]> init(long seed);

  /** New arrays of zeros in the shape of the parameters, as {@link #gradients} fills them. */
  default Map<String, float[]> zeros() {
    return zeros(1);
  }

  /**
   * New arrays of zeros, each with an axis of this length in front, as {@link #perExampleGradients}
   * fills them.
   */
  default Map<String, float[]> zeros(int batch) {
    Map<String, float[]> zeros = new LinkedHashMap<>();
    shapes()
        .forEach((path, shape) -> {
          int length = batch;
          for (int dimension : shape) {
            length = Math.multiplyExact(length, dimension);
          }
          zeros.put(path, new float[length]);
        });
    return zeros;
  }

  /**
   * Writes the gradients of the mean cross-entropy over examples rows[from], ..., rows[to - 1] into
   * the given arrays.
   *
   * @return the mean cross-entropy
   */
  double gradients(
      Map<String, float[]> parameters,
      Dataset data,
      int[] rows,
      int from,
      int to,
      Map<String, float[]> gradients);

  /**
   * Writes the gradient of each example's cross-entropy into the given arrays, the example in
   * front: [to - from, in, out] and [to - from, out]. Arrays may be longer, the rest is left as it
   * is.
   *
   * @return the mean cross-entropy
   */
  double perExampleGradients(
      Map<String, float[]> parameters,
      Dataset data,
      int[] rows,
      int from,
      int to,
      Map<String, float[]> gradients);

  /** Mean loss and accuracy over all examples. */
  Metrics evaluate(Map<String, float[]> parameters, Dataset data);
}
