package dev.glissade.schedule;

import dev.glissade.Schedule;
import dev.glissade.tree.Check;

/** The same value at every step. */
public record ConstantSchedule(double value) implements Schedule {
  public ConstantSchedule {
    Check.finite("value", value);
  }

  @Override
  public double at(double count) {
    return value;
  }
}
