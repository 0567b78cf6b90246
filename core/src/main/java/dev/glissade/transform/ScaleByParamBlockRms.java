package dev.glissade.transform;

import dev.glissade.Stateless;
import dev.glissade.Tree;
import dev.glissade.records.Check;
import dev.glissade.withers.Withers;

/**
 * Scales the updates of each leaf by the leaf's root mean square, so that steps are relative to the
 * size of the parameters:
 *
 * <pre>{@code
 * u = max(rms(x), minScale) g
 * }</pre>
 *
 * <p>Differs from Optax in that the sum of squares does not overflow in float32. Takes leaves of
 * any real type. Keeps no state.
 *
 * @param minScale the least factor, which lets parameters of 0 move, not negative
 */
@Withers
public record ScaleByParamBlockRms(double minScale)
    implements Stateless, ScaleByParamBlockRmsWithers {
  /**
   * Checks the factor.
   *
   * @param minScale finite and not negative
   * @throws IllegalArgumentException if minScale is negative or not finite
   */
  public ScaleByParamBlockRms {
    Check.notNegative("minScale", minScale);
  }

  /**
   * Returns the transformation with minScale = 1e-3.
   *
   * @return the transformation
   */
  public static ScaleByParamBlockRms defaults() {
    return new ScaleByParamBlockRms(1e-3);
  }

  @Override
  public Tree step(Tree g, Tree x) {
    return g.times(x.leafRms().max(minScale).broadcast(g));
  }
}
