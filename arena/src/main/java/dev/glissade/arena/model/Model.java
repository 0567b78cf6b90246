package dev.glissade.arena.model;

import dev.glissade.arena.data.Dataset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A classifier on parameters that the caller owns: ordered named arrays, row-major.
 *
 * <p>Layer i has {@code dense<i>/kernel} of shape [in, out] and {@code dense<i>/bias} of shape
 * [out]. A model reuses its workspaces, so each thread needs its own model.
 */
public interface Model {
  /** Returns softmax regression: logits = x W + b. */
  static Model softmax(int features, int classes) {
    return mlp(features, List.of(), classes);
  }

  /** Returns layers of the given sizes with max(0, x W + b), then logits = x W + b. */
  static Model mlp(int features, List<Integer> hidden, int classes) {
    return new Mlp(features, hidden, classes);
  }

  /** Returns the kind and the sizes: "MLP 64-64-10", "softmax regression 64-10". */
  String description();

  /** Returns the shape of each parameter, in order. */
  Map<String, int[]> shapes();

  /**
   * Returns new parameters: kernels of ReLU layers are normal with variance 2 / in (He et al.
   * 2015), the last kernel is normal with variance 2 / (in + out) (Glorot and Bengio 2010), biases
   * are 0. The normals come from {@code new SplittableRandom(seed)} by the Box-Muller transform in
   * StrictMath, so a seed gives the same parameters on every machine.
   */
  Map<String, float[]> init(long seed);

  /**
   * Returns new arrays of zeros in the shapes of the parameters, for {@link #gradients} to fill.
   */
  default Map<String, float[]> zeros() {
    return zeros(1);
  }

  /**
   * Returns new arrays of zeros, each with a leading axis of this length, for {@link
   * #perExampleGradients} to fill.
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
   * Writes the gradient of each example's cross-entropy into the given arrays, examples first: [to
   * - from, in, out] and [to - from, out]. Leaves the rest of longer arrays as it is.
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

  /** Returns the mean loss and the accuracy over all examples. */
  Metrics evaluate(Map<String, float[]> parameters, Dataset data);
}
