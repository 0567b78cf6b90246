package dev.glissade.transform;

import dev.glissade.Scalar;
import dev.glissade.Schedule;
import dev.glissade.Tree;
import dev.glissade.schedule.ConstantSchedule;

/** Multiplies updates by a number. A factor of 0 gives 0 even for an infinity or NaN. */
final class Scaled {
  private Scaled() {}

  static Tree by(Tree updates, double factor) {
    return factor == 0 ? updates.zeros() : updates.times(factor);
  }

  /**
   * Multiplies by the schedule's value at a count. Unless the schedule is constant, each step tests
   * whether the value is 0.
   */
  static Tree by(Tree updates, Schedule schedule, Scalar count, boolean negated) {
    if (schedule instanceof ConstantSchedule constant) {
      return by(updates, negated ? -constant.value() : constant.value());
    }
    Scalar value = schedule.at(count);
    Tree scaled = updates.times(negated ? value.negate() : value);
    return value.equalTo(0).choose(updates.zeros(), scaled);
  }
}
