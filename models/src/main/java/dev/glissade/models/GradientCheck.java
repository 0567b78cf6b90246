package dev.glissade.models;

import dev.glissade.DType;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * The result of comparing gradients with central differences, (f(x + h) - f(x - h)) / 2h: the
 * element where they differ most.
 *
 * @param error the largest difference, divided by the largest difference quotient of all elements;
 *     infinite if either is NaN; the difference itself if all quotients are 0
 * @param path the leaf of the element
 * @param index its index in the leaf, row-major
 * @param given the given derivative
 * @param numeric the difference quotient
 */
public record GradientCheck(double error, String path, int index, double given, double numeric) {
  /**
   * Compares gradients with differences of a function. It evaluates the function twice for each
   * element of the parameters, so use few parameters. A right gradient has an error of about 1e-9
   * in float64 and 1e-3 in float32, where the function itself is rounded; a kink, as that of ReLU
   * at 0, gives larger errors.
   *
   * @param function the function, such as a loss on a fixed batch; must not keep the tree it gets,
   *     whose numbers change
   * @param params float32 or float64 parameters, which are not changed
   * @param gradients the derivatives of the function there, by the paths of the parameters
   * @return the element that differs most
   * @throws IllegalArgumentException if gradients have other paths or shapes than params, params
   *     are empty or have a leaf of another type
   */
  public static GradientCheck of(ToDoubleFunction<Tree> function, Tree params, Tree gradients) {
    if (!gradients.structure().equals(params.structure())) {
      throw new IllegalArgumentException(
          "gradients must have the structure of params, %s, but had %s"
              .formatted(params.structure(), gradients.structure()));
    }
    if (params.structure().size() == 0) {
      throw new IllegalArgumentException("params must have at least one number, but had none");
    }
    Tree moved = params.copy();
    GradientCheck worst = new GradientCheck(-1, "", 0, 0, 0);
    double largest = 0;
    for (Map.Entry<String, Tensor> leaf : moved.toMap().entrySet()) {
      Matrices.checkType("params[\"" + leaf.getKey() + "\"]", leaf.getValue().dtype());
      Tensor given = gradients.get(leaf.getKey());
      for (int i = 0; i < given.size(); i++) {
        double numeric = difference(function, moved, leaf.getValue(), i);
        double distance = Math.abs(given.get(i) - numeric);
        double error = Double.isNaN(distance) ? Double.POSITIVE_INFINITY : distance;
        largest = Math.max(largest, Math.abs(numeric));
        if (error > worst.error) {
          worst = new GradientCheck(error, leaf.getKey(), i, given.get(i), numeric);
        }
      }
    }
    boolean finite = Double.isFinite(worst.error) && largest > 0;
    double relative = finite ? worst.error / largest : worst.error;
    return new GradientCheck(relative, worst.path, worst.index, worst.given, worst.numeric);
  }

  /** Returns the difference quotient by one element, which is then as before. */
  private static double difference(
      ToDoubleFunction<Tree> function, Tree params, Tensor leaf, int i) {
    double x = leaf.get(i);
    // The cube root of the rounding error balances it with the error of the quotient.
    double unit = leaf.dtype() == DType.FLOAT32 ? 0x1p-24 : 0x1p-53;
    double step = Math.cbrt(unit) * Math.max(1, Math.abs(x));
    double above = set(leaf, i, x + step);
    double high = function.applyAsDouble(params);
    double below = set(leaf, i, x - step);
    double low = function.applyAsDouble(params);
    set(leaf, i, x);
    return (high - low) / (above - below);
  }

  /** Sets an element; returns what it then is, rounded. */
  private static double set(Tensor leaf, int i, double x) {
    if (leaf.array() instanceof float[] array) {
      array[i] = (float) x;
      return array[i];
    }
    ((double[]) leaf.array())[i] = x;
    return x;
  }
}
