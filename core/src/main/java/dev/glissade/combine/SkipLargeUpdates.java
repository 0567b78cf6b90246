package dev.glissade.combine;

import dev.glissade.Scalar;
import dev.glissade.Tree;
import dev.glissade.records.Check;
import dev.glissade.withers.Withers;

/**
 * Leaves gradients out unless their squared norm is less than a maximum; so it leaves out NaN, too.
 *
 * @param maxSquaredNorm the least squared norm of a gradient to leave out, not negative; infinity
 *     leaves out gradients with a NaN or an infinite squared norm only
 */
@Withers
public record SkipLargeUpdates(double maxSquaredNorm)
    implements ShouldSkipUpdateFunction, SkipLargeUpdatesWithers {

  /**
   * What the state shows of {@link SkipLargeUpdates}.
   *
   * @param shouldSkip 1 if the last gradient was left out, else 0
   * @param normSquared its squared norm
   */
  public record SkipLargeUpdatesState(Scalar shouldSkip, Scalar normSquared) {}

  /**
   * Checks the maximum.
   *
   * @param maxSquaredNorm not negative; may be infinite
   * @throws IllegalArgumentException if the maximum is negative or NaN
   */
  public SkipLargeUpdates {
    Check.bound("maxSquaredNorm", maxSquaredNorm);
  }

  @Override
  public SkipDecision test(Tree updates, Scalar gradientStep, Tree params) {
    Scalar squared = updates.normSquared();
    Scalar skip = squared.lessThan(maxSquaredNorm).not();
    return new SkipDecision(skip, new SkipLargeUpdatesState(skip, squared));
  }
}
