package dev.glissade.transform;

import dev.glissade.Scalar;
import dev.glissade.Schedule;
import dev.glissade.Tree;
import dev.glissade.schedule.ConstantSchedule;

/** Updates times a number; times 0 they are 0, whatever they are: an infinity or NaN, too. */
final class Scaled {
  private Scaled() {}

  static Tree by(Tree updates, double factor) {
    return factor == 0 ? updates.zeros() : updates.times(factor);
  }

  /** Times the schedule's value at a count; where that may be 0, it is a choice at each step. */
  static Tree by(Tree updates, Schedule schedule, Scalar count, boolean negated) {
    if (schedule instanceof ConstantSchedule constant) {
      return by(updates, negated ? -constant.value() : constant.value());
    }
    Scalar value = schedule.at(count);
    Tree scaled = updates.times(negated ? value.negate() : value);
    return value.equalTo(0).choose(updates.zeros(), scaled);
  }
}
