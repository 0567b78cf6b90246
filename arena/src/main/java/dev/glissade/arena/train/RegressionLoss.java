package dev.glissade.arena.train;

import dev.glissade.models.Loss;
import dev.glissade.models.Losses;
import java.util.Locale;

/** The loss that regression minimizes, of standardized numbers. */
public enum RegressionLoss {
  SQUARED,
  HUBER;

  Loss loss() {
    return this == SQUARED ? Losses.squaredError() : Losses.huberLoss();
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
