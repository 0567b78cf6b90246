package dev.glissade.spark.ml;

import dev.glissade.records.ContainerType;
import dev.glissade.records.Records;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Lets every learning rate of an optimizer that is a plain number decay over a fit.
 *
 * @param schedule cosine, linear or constant
 * @param steps the number of the optimizer's steps
 */
record RateDecay(String schedule, int steps) {
  static final RateDecay NONE = new RateDecay(Choice.CONSTANT, 1);

  private static final String RATE = "learning_rate";

  /** COCOB has no learning rate: its argument of this name scales the gradients and stays. */
  private static final Set<String> WITHOUT_RATE = Set.of("cocob");

  /** A rate inside of these arguments is a distance, not a learning rate. */
  private static final Set<String> DISTANCES = Set.of("adv_optimizer");

  /** Returns an optimizer in the catalog's form, all arguments stated, with decaying rates. */
  Object applied(Object plain) {
    ContainerType type = ContainerType.of(plain);
    Map<String, @Nullable Object> all = Records.children(plain);
    if (type == null || WITHOUT_RATE.contains(String.valueOf(all.get("name")))) {
      return plain;
    }
    RateDecay inner = all.get("args") instanceof Map<?, ?> args ? inside(args) : this;
    return type.make(i -> inner.replaced(type.name(i), type.get(plain, i)));
  }

  private @Nullable Object replaced(String key, @Nullable Object value) {
    if (key.equals(RATE) && value instanceof Number peak) {
      return decaying(peak);
    }
    return value == null || DISTANCES.contains(key) ? value : applied(value);
  }

  /** Returns the decay for the inside of an optimizer, which steps less often if it accumulates. */
  private RateDecay inside(Map<?, ?> arguments) {
    return arguments.get("every_k_schedule") instanceof Number every && every.doubleValue() >= 1
        ? new RateDecay(schedule, Math.max(1, steps / every.intValue()))
        : this;
  }

  private Object decaying(Number peak) {
    return switch (schedule) {
      case Choice.COSINE ->
          named("cosine_decay_schedule", Map.of("init_value", peak, "decay_steps", steps));
      case Choice.LINEAR ->
          named(
              "linear_schedule",
              Map.of("init_value", peak, "end_value", 0, "transition_steps", steps));
      default -> peak;
    };
  }

  private static Object named(String name, Map<String, Object> arguments) {
    return Map.of("name", name, "args", arguments);
  }
}
