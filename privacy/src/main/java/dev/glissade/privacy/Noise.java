package dev.glissade.privacy;

import dev.glissade.Structure;
import dev.glissade.Tree;
import org.jspecify.annotations.Nullable;

/**
 * Gaussian noise for sums of clipped gradients. Only {@link SecureNoise} protects anybody; {@link
 * ReproducibleNoise} is for tests and for comparing runs.
 */
public abstract sealed class Noise permits SecureNoise, ReproducibleNoise {

  Noise() {}

  /** {@return whether nobody can predict the noise} */
  public abstract boolean isSecret();

  /**
   * Returns the sum with independent noise added to each element.
   *
   * @param low the sum's low part; with secret noise, whole numbers of steps
   * @param high the sum's high part, or null
   * @param deviation the noise's standard deviation, which secret noise rounds up to whole steps
   * @param step the step of the grid of secret noise, a power of two
   * @param form the types of the result
   */
  abstract Tree added(Tree low, @Nullable Tree high, double deviation, double step, Structure form);
}
