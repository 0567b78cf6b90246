package dev.glissade.schedule;

/** A part of a state that counts steps for a schedule. */
public interface ScheduleState {

  /**
   * This count, with whatever else there is of another state of the same form.
   *
   * @param next whether the count goes on by one
   */
  ScheduleState keptIn(ScheduleState other, boolean next);
}
