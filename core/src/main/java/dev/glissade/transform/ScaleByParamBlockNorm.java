package dev.glissade.transform;

import dev.glissade.Stateless;
import dev.glissade.Tree;
import dev.glissade.records.Check;
import dev.glissade.withers.Withers;

/**
 * Scales the updates of each leaf by the leaf's norm, so that steps are relative to the size of the
 * parameters:
 *
 * <pre>{@code
 * u = max(||x||_l, minScale) g
 * }</pre>
 *
 * <p>Differs from Optax in that the sum of squares does not overflow in float32. Takes leaves of
 * any real type. Keeps no state.
 *
 * @param minScale the least factor, which lets parameters of 0 move, not negative
 */
@Withers
public record ScaleByParamBlockNorm(double minScale)
    implements Stateless, ScaleByParamBlockNormWithers {
  /**
   * Checks the factor.
   *
   * @param minScale finite and not negative
   * @throws IllegalArgumentException if minScale is negative or not finite
   */
  public ScaleByParamBlockNorm {
    Check.notNegative("minScale", minScale);
  }

  /**
   * Returns the transformation with minScale = 1e-3.
   *
   * @return the transformation
   */
  public static ScaleByParamBlockNorm defaults() {
    return new ScaleByParamBlockNorm(1e-3);
  }

  @Override
  public Tree step(Tree g, Tree x) {
    return g.times(x.leafNorms().max(minScale).broadcast(g));
  }
}
