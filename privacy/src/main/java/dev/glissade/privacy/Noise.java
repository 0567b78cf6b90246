package dev.glissade.privacy;

import dev.glissade.Tree;

/**
 * Normal noise for sums of clipped gradients. Only {@link SecureNoise} protects anybody; {@link
 * ReproducibleNoise} is for tests and for comparing runs.
 */
public sealed interface Noise permits SecureNoise, ReproducibleNoise {

  /**
   * The sum with independent noise added to each element.
   *
   * @param deviation the noise's standard deviation
   * @param sensitivity the largest norm that one example adds
   */
  Tree added(Tree sum, double deviation, double sensitivity);

  /** Whether nobody can foresee it. */
  boolean isSecret();
}
