package dev.glissade.privacy;

import dev.glissade.Structure;
import dev.glissade.Tree;
import org.jspecify.annotations.Nullable;

/**
 * Normal noise for sums of clipped gradients. Only {@link SecureNoise} protects anybody; {@link
 * ReproducibleNoise} is for tests and for comparing runs.
 */
public abstract sealed class Noise permits SecureNoise, ReproducibleNoise {

  Noise() {}

  /** Whether nobody can foresee it. */
  public abstract boolean isSecret();

  /**
   * The sum with independent noise added to each element.
   *
   * @param low the sum, a whole number of steps where the noise is secret
   * @param high another part of the sum, if it has two
   * @param deviation the noise's standard deviation, which secret noise rounds up to whole steps
   * @param step of the grid that secret noise is drawn on, a power of two
   * @param form the types of the result
   */
  abstract Tree added(Tree low, @Nullable Tree high, double deviation, double step, Structure form);
}
