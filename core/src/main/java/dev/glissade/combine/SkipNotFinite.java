package dev.glissade.combine;

import dev.glissade.Scalar;
import dev.glissade.Tree;

/** Leaves gradients out that hold a NaN or an infinity. */
public record SkipNotFinite() implements ShouldSkipUpdateFunction {
  /**
   * What the state shows of {@link SkipNotFinite}.
   *
   * @param shouldSkip 1 if the last gradient was left out, else 0
   * @param numNotFinite how many of its numbers were NaN or infinite
   */
  public record SkipNotFiniteState(Scalar shouldSkip, Scalar numNotFinite) {}

  @Override
  public SkipDecision test(Tree updates, Scalar gradientStep, Tree params) {
    Scalar count = updates.nonFinite();
    Scalar skip = count.greaterThan(0);
    return new SkipDecision(skip, new SkipNotFiniteState(skip, count));
  }
}
