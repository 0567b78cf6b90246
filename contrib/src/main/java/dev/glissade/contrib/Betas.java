package dev.glissade.contrib;

import dev.glissade.records.Check;
import dev.glissade.withers.Withers;

/**
 * The decays of Adam's first and second moment; both in [0, 1).
 *
 * @param beta1 decay of the first moment, in [0, 1)
 * @param beta2 decay of the second moment, in [0, 1)
 */
@Withers
public record Betas(double beta1, double beta2) implements BetasWithers {

  /** 0.9 and 0.999. */
  public static final Betas DEFAULT = new Betas(0.9, 0.999);

  public Betas {
    Check.decay("beta1", beta1);
    Check.decay("beta2", beta2);
  }
}
