package dev.glissade.combine;

import dev.glissade.Extras;
import dev.glissade.Scalar;
import dev.glissade.Schedule;
import java.util.function.DoublePredicate;

/**
 * Decides by the number of steps, and by extra arguments such as the loss, whether a transformation
 * acts in a step: {@code (step, extras) -> extras.value().lessThan(0.5)}.
 */
@FunctionalInterface
public interface StepCondition {

  /**
   * Returns the condition, deferred.
   *
   * @param step the number of steps taken before this one; 0 at the first step
   * @param extras the extra arguments of the step
   * @return 0 for false, any other number for true
   */
  Scalar test(Scalar step, Extras extras);

  /**
   * Returns a condition on the number of steps: {@code when(step -> step < 100)}.
   *
   * @param condition a pure function of the number of steps taken before
   * @return the condition
   */
  static StepCondition when(DoublePredicate condition) {
    return (step, extras) -> step.map(count -> condition.test(count) ? 1 : 0);
  }

  /**
   * Returns a condition that holds where a schedule is not 0. In JSON, a schedule in place of a
   * condition means this.
   *
   * @param schedule the schedule
   * @return the condition
   */
  static StepCondition notZero(Schedule schedule) {
    return new NonzeroSchedule(schedule);
  }
}
