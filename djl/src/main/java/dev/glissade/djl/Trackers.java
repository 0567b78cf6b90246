package dev.glissade.djl;

import ai.djl.training.tracker.Tracker;
import dev.glissade.Schedule;

/**
 * DJL's trackers as schedules and the other way round. DJL's optimizers read a tracker at 1 for the
 * first step, a schedule is read at 0: here the same step has the same value in both.
 */
public final class Trackers {
  private Trackers() {}

  /** The schedule with a tracker's values; the tracker must give the same value each time. */
  public static Schedule schedule(Tracker tracker) {
    return count -> tracker.getNewValue((int) Math.min(count + 1, Integer.MAX_VALUE));
  }

  /** The tracker with a schedule's values, rounded to float. */
  public static Tracker tracker(Schedule schedule) {
    return update -> (float) schedule.at(Math.max(update - 1, 0));
  }
}
