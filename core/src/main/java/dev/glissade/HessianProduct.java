package dev.glissade;

/**
 * Computes products of a loss's Hessian with vectors, for methods that estimate curvature, such as
 * Sophia. A framework that differentiates twice computes {@code H v} as the gradient of {@code <g,
 * v>}; without one, {@link #byDifferences} needs two gradients.
 */
@FunctionalInterface
public interface HessianProduct {

  /**
   * Returns the product of the Hessian at some parameters with a vector.
   *
   * <p>The result may be on the same arrays each time. If the function throws, the step changes
   * nothing. The function must not use the {@link Stepper} that calls it.
   *
   * @param params the parameters, borrowed for the call: copy what you keep, and do not write to
   *     them, since they are the step's own numbers
   * @param vector the vector, borrowed for the call, in the form of the parameters
   * @return the product, in the form of the parameters
   */
  Tree product(Tree params, Tree vector);

  /**
   * Returns the product of central differences of gradients, {@code (g(x + e v) - g(x - e v)) / (2
   * e)}, with {@code e = c (1 + rms(x)) / rms(v)} and c = 5e-3 for float32 and 16-bit parameters,
   * 6e-6 for float64: about the cube root of their rounding. Both gradients must be of the same
   * examples.
   *
   * @param gradients returns the gradients at any parameters; it is called with i = 0 and 1
   * @return the function
   */
  static HessianProduct byDifferences(GradientFunction gradients) {
    return (params, vector) -> HessianDifferences.product(gradients, params, vector);
  }
}
