package dev.glissade.arena.train;

import dev.glissade.NonFinite;
import java.util.Locale;

/** What a loss or gradients that are not finite do to a run. */
public enum NonFiniteHandling {
  /** A loss ends the run as diverged. */
  STOP,
  /** The step changes nothing and is counted. */
  SKIP,
  /** The program ends with a sentence that names the step, the leaf and the index. */
  ERROR,
  /** Training goes on. */
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
