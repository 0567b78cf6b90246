package dev.glissade.contrib;

import dev.glissade.tree.Check;

/** The decays of Adam's first and second moment; both in [0, 1). */
public record Betas(double beta1, double beta2) {

  /** 0.9 and 0.999. */
  public static final Betas DEFAULT = new Betas(0.9, 0.999);

  public Betas {
    Check.decay("beta1", beta1);
    Check.decay("beta2", beta2);
  }
}
