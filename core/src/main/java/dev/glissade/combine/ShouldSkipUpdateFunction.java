package dev.glissade.combine;

import dev.glissade.Scalar;
import dev.glissade.Tree;

/**
 * Decides whether {@link MultiSteps} leaves a gradient out. It describes arithmetic and computes
 * nothing: {@code (g, step, x) -> SkipDecision.of(g.norm().greaterThan(x.norm()))}.
 */
@FunctionalInterface
public interface ShouldSkipUpdateFunction {

  /**
   * Returns the decision, deferred.
   *
   * @param updates the gradient that arrives
   * @param gradientStep the number of inner steps taken
   * @param params the parameters
   * @return whether to skip, and what to show in the state
   */
  SkipDecision test(Tree updates, Scalar gradientStep, Tree params);

  /**
   * Whether to leave a gradient out.
   *
   * @param shouldSkip 1 to leave the gradient out, else 0
   * @param skipState what the state of {@link MultiSteps} shows of the decision: a record of
   *     scalars and trees, in the same form at each step
   */
  record SkipDecision(Scalar shouldSkip, Object skipState) {

    /**
     * What the state shows of a decision without numbers of its own.
     *
     * @param shouldSkip 1 if the last gradient was left out, else 0
     */
    public record SkipState(Scalar shouldSkip) {}

    /**
     * Returns a decision of which the state shows the result.
     *
     * @param shouldSkip a condition, 0 or 1
     * @return the decision
     */
    public static SkipDecision of(Scalar shouldSkip) {
      return new SkipDecision(shouldSkip, new SkipState(shouldSkip));
    }
  }
}
