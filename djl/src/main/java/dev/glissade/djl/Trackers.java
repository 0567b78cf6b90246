package dev.glissade.djl;

import ai.djl.training.tracker.Tracker;
import dev.glissade.Schedule;

/**
 * Converts DJL's trackers to schedules and vice versa. DJL's optimizers read a tracker at 1 for the
 * first step, while a schedule is read at 0; the same step has the same value in both.
 */
public final class Trackers {
  private Trackers() {}

  /**
   * Returns a schedule with a tracker's values.
   *
   * @param tracker a tracker that returns the same value for the same update each time
   * @return the schedule
   */
  public static Schedule schedule(Tracker tracker) {
    return count -> tracker.getNewValue((int) Math.min(count + 1, Integer.MAX_VALUE));
  }

  /**
   * Returns a tracker with a schedule's values.
   *
   * @param schedule the schedule
   * @return the tracker, whose values are rounded to float
   */
  public static Tracker tracker(Schedule schedule) {
    return update -> (float) schedule.at(Math.max(update - 1, 0));
  }
}
