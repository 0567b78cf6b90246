package dev.glissade.contrib;

import dev.glissade.Scalar;
import dev.glissade.Schedule;
import dev.glissade.Tree;
import dev.glissade.schedule.ConstantSchedule;

/** Makes updates that descend of what points uphill. */
final class Descent {
  private Descent() {}

  /** Returns -learningRate u; 0, even for an infinity or NaN, where the learning rate is 0. */
  static Tree by(Tree u, Schedule learningRate, Scalar count) {
    if (learningRate instanceof ConstantSchedule constant) {
      return constant.value() == 0 ? u.zeros() : u.times(-constant.value());
    }
    Scalar rate = learningRate.at(count);
    return rate.equalTo(0).choose(u.zeros(), u.times(rate.negate()));
  }

  /** Returns -learningRate step g, rounded once; 0 where the learning rate is 0. */
  static Tree by(Tree g, Scalar step, Schedule learningRate, Scalar count) {
    Scalar rate = learningRate.at(count);
    Tree u = g.times(rate.times(step).negate());
    if (learningRate instanceof ConstantSchedule constant) {
      return constant.value() == 0 ? g.zeros() : u;
    }
    return rate.equalTo(0).choose(u.zeros(), u);
  }
}
