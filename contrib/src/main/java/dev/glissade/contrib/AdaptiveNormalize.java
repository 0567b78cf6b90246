package dev.glissade.contrib;

import dev.glissade.Stateless;
import dev.glissade.Tree;
import dev.glissade.records.Check;
import dev.glissade.withers.Withers;

/**
 * Points the adversary of {@link Asam} uphill, by steps that are relative to the size of each
 * parameter: {@code u = T^2 g / ||T g||} with {@code T = |x| + eta}. A gradient of 0 gives 0.
 *
 * @param eta added to the size of each parameter, not negative
 */
@Withers
public record AdaptiveNormalize(double eta) implements Stateless, AdaptiveNormalizeWithers {
  /**
   * Checks the argument.
   *
   * @param eta finite and not negative
   * @throws IllegalArgumentException if it breaks its rule
   */
  public AdaptiveNormalize {
    Check.notNegative("eta", eta);
  }

  @Override
  public Tree step(Tree g, Tree x) {
    // T (T g / ||T g||)
    Tree t = x.abs().plus(eta);
    return t.times(t.times(g).normalized());
  }
}
