package dev.glissade.arena.train;

import dev.glissade.records.ContainerType;
import dev.glissade.records.Records;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Replaces every learning rate that is a plain number by a schedule, except where a line search
 * finds the length of the steps.
 */
final class LearningRates {
  private static final String RATE = "learning_rate";

  /** COCOB has no learning rate: its argument of this name scales the gradients and stays. */
  private static final Set<String> WITHOUT_RATE = Set.of("cocob");

  /** A rate inside of these arguments is a distance, not a learning rate. */
  private static final Set<String> DISTANCES = Set.of("adv_optimizer");

  private final RateSchedule schedule;
  private final int steps;

  /**
   * Makes the rates for a run.
   *
   * @param steps the number of steps of the optimizer
   */
  LearningRates(RateSchedule schedule, int steps) {
    this.schedule = schedule;
    this.steps = steps;
  }

  /** Returns an optimizer, all arguments stated, with its own and its inner rates scheduled. */
  Object scheduled(Object plain) {
    ContainerType type = ContainerType.of(plain);
    Map<String, @Nullable Object> all = Records.children(plain);
    if (type == null
        || WITHOUT_RATE.contains(String.valueOf(all.get("name")))
        || LineSearches.scale(plain)) {
      return plain;
    }
    LearningRates inner = all.get("args") instanceof Map<?, ?> args ? inside(args) : this;
    return type.make(i -> inner.replaced(type.name(i), type.get(plain, i)));
  }

  private @Nullable Object replaced(String key, @Nullable Object value) {
    if (key.equals(RATE) && value instanceof Number peak) {
      return schedule.plain(peak, steps);
    }
    return value == null || DISTANCES.contains(key) ? value : scheduled(value);
  }

  /** Returns the rates for the inside of an optimizer, which steps less often if it accumulates. */
  private LearningRates inside(Map<?, ?> arguments) {
    return arguments.get("every_k_schedule") instanceof Number every && every.doubleValue() >= 1
        ? new LearningRates(schedule, Math.max(1, steps / every.intValue()))
        : this;
  }
}
