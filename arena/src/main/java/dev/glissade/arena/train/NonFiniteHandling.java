package dev.glissade.arena.train;

import dev.glissade.NonFinite;
import java.util.Locale;

/** What to do if a loss or gradients are not finite. */
public enum NonFiniteHandling {
  /** A loss that is not finite ends the run as diverged. */
  STOP,
  /** The run skips the step and counts it. */
  SKIP,
  /** The program ends with an error that names the step, the leaf and the index. */
  ERROR,
  /** Training continues. */
  ALLOW;

  NonFinite policy() {
    return switch (this) {
      case STOP, ALLOW -> NonFinite.ALLOW;
      case SKIP -> NonFinite.SKIP;
      case ERROR -> NonFinite.ERROR;
    };
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
