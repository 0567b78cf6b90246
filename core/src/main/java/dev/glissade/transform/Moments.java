package dev.glissade.transform;

import dev.glissade.Scalar;
import dev.glissade.Tree;

/** What the moment-based transformations share. */
final class Moments {
  private Moments() {}

  /** decay m + (1 - decay) g, as m + (1 - decay) (g - m): weights that add up to 1 in float too */
  static Tree update(Tree m, double decay, Tree g) {
    return m.plus(g.minus(m).times(1 - decay));
  }

  /** m / (1 - decay^t), as a product: one division for all elements */
  static Tree debiased(Tree m, double decay, Scalar t) {
    return m.times(Scalar.of(1).dividedBy(t.powerOf(decay).negate().plus(1)));
  }
}
