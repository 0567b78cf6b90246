package dev.glissade.contrib;

import dev.glissade.records.Check;
import dev.glissade.withers.Withers;

/**
 * The decays of Adam's two moments.
 *
 * @param beta1 decay of the first moment, in [0, 1)
 * @param beta2 decay of the second moment, in [0, 1)
 */
@Withers
public record Betas(double beta1, double beta2) implements BetasWithers {

  /** The default: 0.9 and 0.999. */
  public static final Betas DEFAULT = new Betas(0.9, 0.999);

  /**
   * Checks the arguments.
   *
   * @param beta1 in [0, 1)
   * @param beta2 in [0, 1)
   * @throws IllegalArgumentException if an argument breaks its rule
   */
  public Betas {
    Check.decay("beta1", beta1);
    Check.decay("beta2", beta2);
  }
}
