package dev.glissade.arena.train;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Puts a schedule in the place of every learning rate that is a plain number. */
final class LearningRates {
  private static final String RATE = "learning_rate";

  /** COCOB bets without a learning rate, so its factor on the gradients stays as it is. */
  private static final Set<String> WITHOUT_RATE = Set.of("cocob");

  /** A rate inside of these is a distance, not a learning rate. */
  private static final Set<String> DISTANCES = Set.of("adv_optimizer");

  private final RateSchedule schedule;
  private final int steps;

  /**
   * For a run.
   *
   * @param steps the optimizer's steps
   */
  LearningRates(RateSchedule schedule, int steps) {
    this.schedule = schedule;
    this.steps = steps;
  }

  /** An optimizer with all arguments stated, with its learning rates and those inside of it. */
  Object scheduled(Object plain) {
    if (plain instanceof List<?> list) {
      return list.stream().map(this::scheduled).toList();
    }
    if (!(plain instanceof Map<?, ?>)) {
      return plain;
    }
    Map<String, Object> all = PlainJson.map(plain);
    if (WITHOUT_RATE.contains(String.valueOf(all.get("name")))) {
      return plain;
    }
    LearningRates inner = all.get("args") instanceof Map<?, ?> args ? inside(args) : this;
    Map<String, Object> scheduled = new LinkedHashMap<>();
    all.forEach((key, value) -> scheduled.put(key, inner.replaced(key, value)));
    return scheduled;
  }

  private Object replaced(String key, Object value) {
    if (key.equals(RATE) && value instanceof Number peak) {
      return schedule.plain(peak, steps);
    }
    return DISTANCES.contains(key) ? value : scheduled(value);
  }

  /** What accumulates gradients steps less often. */
  private LearningRates inside(Map<?, ?> arguments) {
    return arguments.get("every_k_schedule") instanceof Number every && every.doubleValue() >= 1
        ? new LearningRates(schedule, Math.max(1, steps / every.intValue()))
        : this;
  }
}
