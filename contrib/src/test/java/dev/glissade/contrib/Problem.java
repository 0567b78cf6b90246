package dev.glissade.contrib;

import dev.glissade.DType;
import dev.glissade.GradientTransformation;
import dev.glissade.Tree;

/** The problem of core's tests, as other modules' tests import it. */
public final class Problem {
  private Problem() {}

  public static Tree params(DType dtype) {
    return dev.glissade.testing.Problem.params(dtype);
  }

  /** Gradients of a step; per example where the optimizer takes such. */
  public static Tree gradients(GradientTransformation<?> optimizer, DType dtype, int step) {
    return dev.glissade.testing.Problem.gradients(optimizer, dtype, step);
  }
}
