package dev.glissade.schedule;

import dev.glissade.Schedule;
import dev.glissade.records.Check;
import dev.glissade.withers.Withers;

/**
 * The paper's schedule of AdEMAMix's b3 (Pagliardini et al., "The AdEMAMix Optimizer: Better,
 * Faster, Older", 2024, arXiv 2409.03137): from b1 to b3 along a line of half-lives, so that the
 * memory of the slow average grows evenly.
 *
 * <pre>{@code
 * a     = min((count + 1) / transitionSteps, 1)
 * value = min(exp(ln b1 ln b3 / ((1 - a) ln b3 + a ln b1)), b3)
 * }</pre>
 *
 * @param b1 the decay of the fast average, in [0, 1)
 * @param b3 the final value, greater than 0 and less than 1
 * @param transitionSteps the number of steps of the line, positive; the paper takes all steps of
 *     the training
 */
@Withers
public record AdemamixB3Schedule(double b1, double b3, int transitionSteps)
    implements Schedule, AdemamixB3ScheduleWithers {
  /**
   * Checks the arguments.
   *
   * @param b1 in [0, 1)
   * @param b3 greater than 0 and less than 1
   * @param transitionSteps positive
   * @throws IllegalArgumentException if an argument breaks its rule
   */
  public AdemamixB3Schedule {
    Check.decay("b1", b1);
    Check.that(b3 > 0 && b3 < 1, "b3 must be greater than 0 and less than 1", b3);
    Check.positive("transitionSteps", transitionSteps);
  }

  @Override
  public double at(double count) {
    double a = Math.min((count + 1) / transitionSteps, 1);
    // divided by ln b1, which is -infinity for b1 = 0
    double log = Math.log(b3) / ((1 - a) * Math.log(b3) / Math.log(b1) + a);
    return Math.min(Math.exp(log), b3);
  }
}
