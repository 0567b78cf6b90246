package dev.glissade.schedule;

/**
 * A part of an optimizer's state that counts steps for a schedule. A combinator that resets the
 * state of what it wraps, as SAM does, can keep such counts.
 */
public interface ScheduleState {

  /**
   * Returns the other state with this state's count in place of its own.
   *
   * @param other a state of the same form that supplies everything but the count
   * @param next whether to advance the count by one
   * @return the combined state
   */
  ScheduleState keptIn(ScheduleState other, boolean next);
}
