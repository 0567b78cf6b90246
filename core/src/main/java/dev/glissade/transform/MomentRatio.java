package dev.glissade.transform;

import dev.glissade.Scalar;
import dev.glissade.Tree;
import dev.glissade.records.Check;

/**
 * The ratio of debiased moments by which Adam and its relatives scale gradients, with t the number
 * of this step from 1:
 *
 * <pre>{@code
 * muHat / (sqrt(nu / (1 - b2^t) + epsRoot) + eps)
 * muHat = mu / (1 - b1^t), or with Nesterov: b1 mu / (1 - b1^(t+1)) + (1 - b1) g / (1 - b1^t)
 * }</pre>
 */
record MomentRatio(double b1, double b2, double eps, double epsRoot, boolean nesterov) {
  MomentRatio {
    Check.decay("b1", b1);
    Check.decay("b2", b2);
    Check.notNegative("eps", eps);
    Check.notNegative("epsRoot", epsRoot);
  }

  /** Returns the ratio. */
  Tree of(Tree mu, Tree nu, Tree g, Scalar t) {
    return of(mu, nu, g, t, Scalar.of(1));
  }

  /** Returns the ratio times a factor. */
  Tree of(Tree mu, Tree nu, Tree g, Scalar t, Scalar factor) {
    return epsRoot == 0 ? scaled(mu, nu, g, t, factor) : divided(mu, nu, g, t, factor);
  }

  /** Returns muHat. */
  Tree muHat(Tree mu, Tree g, Scalar t) {
    return weighted(mu, g, t, Scalar.of(1));
  }

  private Tree divided(Tree mu, Tree nu, Tree g, Scalar t, Scalar factor) {
    Tree root = Moments.debiased(nu, b2, t).plus(epsRoot).sqrt();
    return weighted(mu, g, t, factor).dividedBy(root.plus(eps));
  }

  /**
   * Returns the same for epsRoot = 0 as c muHat / (sqrt(nu) + c eps) with c = sqrt(1 - b2^t), which
   * saves one product per element.
   */
  private Tree scaled(Tree mu, Tree nu, Tree g, Scalar t, Scalar factor) {
    Scalar c = t.powerOf(b2).negate().plus(1).sqrt();
    return weighted(mu, g, t, factor.times(c)).dividedBy(nu.sqrt().plus(c.times(eps)));
  }

  /** Returns muHat times a weight. */
  private Tree weighted(Tree mu, Tree g, Scalar t, Scalar weight) {
    Scalar now = weight.dividedBy(t.powerOf(b1).negate().plus(1));
    if (!nesterov) {
      return mu.times(now);
    }
    // b1 mu / (1 - b1^(t+1)) + (1 - b1) g / (1 - b1^t)
    Scalar next = weight.dividedBy(t.plus(1).powerOf(b1).negate().plus(1));
    return mu.times(next.times(b1)).plus(g.times(now.times(1 - b1)));
  }
}
