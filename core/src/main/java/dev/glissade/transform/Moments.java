package dev.glissade.transform;

import dev.glissade.Scalar;
import dev.glissade.Tree;

/**
 * What the moment-based transformations share: means with the weights decay and 1 - decay.
 *
 * <p>They are computed as x + s (y - x), with s the smaller weight and y what has it. The weights
 * add up to 1 in float too, so that a mean of equal numbers is that number. And nothing is lost: as
 * s is at most 1/2, s |x| is at most (1 - s) |x|, so with u the unit of rounding the error is at
 * most 3 u ((1 - s) |x| + s |y|), as that of the sum of the two terms. (With 1 - decay as s
 * whatever it is, a small y in place of a large x cancels: decay 0 gave 0 for y = 1e-3, x = 1e10.)
 */
final class Moments {
  private Moments() {}

  /** decay m + (1 - decay) g of numbers whose difference is finite */
  static Tree update(Tree m, double decay, Tree g) {
    if (decay == 0) {
      return g.as(g.structure().computed());
    }
    return decay < 0.5 ? g.plus(m.minus(g).times(decay)) : m.plus(g.minus(m).times(1 - decay));
  }

  /** decay m + (1 - decay) g of any finite numbers: s y - s x can't overflow where y - x can */
  static Tree mean(Tree m, double decay, Tree g) {
    if (decay == 0) {
      return g.as(g.structure().computed());
    }
    return decay < 0.5
        ? g.plus(m.times(decay).minus(g.times(decay)))
        : m.plus(g.times(1 - decay).minus(m.times(1 - decay)));
  }

  /** m / (1 - decay^t), as a product: one division for all elements */
  static Tree debiased(Tree m, double decay, Scalar t) {
    return m.times(Scalar.of(1).dividedBy(t.powerOf(decay).negate().plus(1)));
  }
}
