package dev.glissade.arena.train;

import java.util.Locale;
import java.util.Map;

/** The course of a learning rate over a run. */
public enum RateSchedule {
  /** The peak value throughout. */
  CONSTANT,
  /** Half a cosine wave from the peak to 0. */
  COSINE,
  /** A line from 0 to the peak in the first twentieth, then half a cosine wave to 0. */
  WARMUP_COSINE,
  /** A straight line from the peak to 0. */
  LINEAR;

  private static final int WARMUP_PART = 20;

  /** Returns the learning rate as plain values, for a run of this many steps. */
  Object plain(Number peak, int steps) {
    return switch (this) {
      case CONSTANT -> peak;
      case COSINE ->
          schedule("cosine_decay_schedule", Map.of("init_value", peak, "decay_steps", steps));
      case WARMUP_COSINE ->
          schedule(
              "warmup_cosine_decay_schedule",
              Map.of(
                  "init_value",
                  0,
                  "peak_value",
                  peak,
                  "warmup_steps",
                  steps / WARMUP_PART,
                  "decay_steps",
                  steps));
      case LINEAR ->
          schedule(
              "linear_schedule",
              Map.of("init_value", peak, "end_value", 0, "transition_steps", steps));
    };
  }

  private static Object schedule(String name, Map<String, Object> arguments) {
    return Map.of("name", name, "args", arguments);
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
