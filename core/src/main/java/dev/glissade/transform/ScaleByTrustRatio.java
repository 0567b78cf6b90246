package dev.glissade.transform;

import dev.glissade.Stateless;
import dev.glissade.Tree;
import dev.glissade.records.Check;
import dev.glissade.withers.Withers;

/**
 * Scales the updates of each leaf by the ratio of the leaf's norm to the norm of its updates, so
 * that all layers change by about the same relative amount (You, Gitman and Ginsburg, "Large Batch
 * Training of Convolutional Networks", 2017, arXiv 1708.03888):
 *
 * <pre>{@code
 * n_x = max(||x||_l, minNorm)         n_u = max(||g||_l, minNorm)
 * u = trustCoefficient n_x / (n_u + eps) g       g as it is if n_x = 0 or n_u = 0
 * }</pre>
 *
 * <p>where ||.||_l is the norm of one leaf. A ratio needs all of a layer's weights in one leaf:
 * mask out biases and the scales of normalization layers if their parameters start at 0 or 1.
 *
 * <p>Differs from Optax in that norms don't overflow and are float64. Takes leaves of any real
 * type. Keeps no state.
 *
 * @param minNorm the least norm of a leaf and of its updates, not negative
 * @param trustCoefficient the factor of the ratio, finite
 * @param eps added to the norm of the updates, not negative
 */
@Withers
public record ScaleByTrustRatio(double minNorm, double trustCoefficient, double eps)
    implements Stateless, ScaleByTrustRatioWithers {
  private static final double LARGE = 1e30;

  /**
   * Checks the arguments.
   *
   * @param minNorm finite and not negative
   * @param trustCoefficient finite
   * @param eps finite and not negative
   * @throws IllegalArgumentException if an argument breaks its rule
   */
  public ScaleByTrustRatio {
    Check.notNegative("minNorm", minNorm);
    Check.finite("trustCoefficient", trustCoefficient);
    Check.notNegative("eps", eps);
  }

  /**
   * Returns the transformation with minNorm = 0, trustCoefficient = 1 and eps = 0.
   *
   * @return the transformation
   */
  public static ScaleByTrustRatio defaults() {
    return new ScaleByTrustRatio(0, 1, 0);
  }

  @Override
  public Tree step(Tree g, Tree x) {
    Tree nx = x.leafNorms().max(minNorm);
    Tree nu = g.leafNorms().max(minNorm);
    // trustCoefficient n_x / (n_u + eps), 1 where a norm is 0
    Tree ratio = nx.times(trustCoefficient).dividedBy(nu.plus(eps));
    Tree both = nx.greaterThan(0).min(nu.greaterThan(0));
    Tree factor = both.choose(ratio, nx.fill(1));
    // The ratio of a tiny gradient may be larger than its type: the rest of it comes after.
    Tree rest = factor.times(1 / LARGE).max(1);
    return g.times(factor.min(LARGE).broadcast(g)).times(rest.broadcast(g));
  }
}
