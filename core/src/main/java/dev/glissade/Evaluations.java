package dev.glissade;

import org.jspecify.annotations.Nullable;

/**
 * A loss function that remembers where it was evaluated last, so that a step need not evaluate it
 * there again.
 */
final class Evaluations implements LossFunction {
  private final Tree params;
  private LossFunction loss = this;

  /** The point evaluated last; null before the first evaluation. */
  private @Nullable Tree point;

  private double value = Double.NaN;

  Evaluations(Tree params) {
    this.params = params;
  }

  /** Takes the function of the next step. */
  Evaluations of(LossFunction other) {
    loss = other;
    return this;
  }

  @Override
  public ValueAndGradients valueAndGradients(Tree at, int i) {
    ValueAndGradients both = loss.valueAndGradients(at, i);
    if (both == null || both.gradients() == null) {
      throw new IllegalArgumentException(
          "a loss function must return a loss and its gradients, but returned " + both);
    }
    remember(at, both.value());
    return both;
  }

  @Override
  public double value(Tree at, int i) {
    value = Double.NaN; // without gradients
    return loss.value(at, i);
  }

  private void remember(Tree at, double there) {
    value = Double.NaN;
    if (at.structure().equals(params.structure())) {
      if (point == null) {
        point = at.copy();
      } else {
        at.copyTo(point);
      }
      value = there;
    }
  }

  /** Forgets the point evaluated last. */
  void forget() {
    value = Double.NaN;
  }

  /** Returns whether the loss was evaluated last at the parameters, with this result. */
  boolean endedAtParams(double result) {
    return point != null && value == result && point.sameBits(params);
  }
}
