package dev.glissade.schedule;

import dev.glissade.Schedule;
import dev.glissade.records.Check;
import dev.glissade.withers.Withers;

/**
 * The paper's schedule of AdEMAMix's alpha (Pagliardini et al., "The AdEMAMix Optimizer: Better,
 * Faster, Older", 2024, arXiv 2409.03137): a line from 0, so that the slow average weighs little
 * while it still knows few gradients.
 *
 * <pre>{@code
 * value = alpha min((count + 1) / transitionSteps, 1)
 * }</pre>
 *
 * @param alpha the final value, not negative
 * @param transitionSteps the number of steps of the line, positive; the paper takes all steps of
 *     the training
 */
@Withers
public record AdemamixAlphaSchedule(double alpha, int transitionSteps)
    implements Schedule, AdemamixAlphaScheduleWithers {
  /**
   * Checks the arguments.
   *
   * @param alpha not negative
   * @param transitionSteps positive
   * @throws IllegalArgumentException if an argument breaks its rule
   */
  public AdemamixAlphaSchedule {
    Check.notNegative("alpha", alpha);
    Check.positive("transitionSteps", transitionSteps);
  }

  @Override
  public double at(double count) {
    return alpha * Math.min((count + 1) / transitionSteps, 1);
  }
}
