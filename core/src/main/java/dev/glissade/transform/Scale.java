package dev.glissade.transform;

import dev.glissade.Stateless;
import dev.glissade.Tree;
import dev.glissade.records.Check;
import dev.glissade.withers.Withers;

/**
 * Multiplies updates by a number; 0 makes them 0, infinities and NaN, too.
 *
 * @param stepSize the factor
 */
@Withers
public record Scale(double stepSize) implements Stateless, ScaleWithers {
  public Scale {
    Check.finite("stepSize", stepSize);
  }

  @Override
  public Tree step(Tree updates, Tree params) {
    return Scaled.by(updates, stepSize);
  }
}
