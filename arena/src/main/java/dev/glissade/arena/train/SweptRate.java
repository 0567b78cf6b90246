package dev.glissade.arena.train;

import dev.glissade.arena.report.SweepParameter;
import dev.glissade.records.ContainerType;
import dev.glissade.records.Records;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds and sets the learning rate of an optimizer in the catalog's form. */
final class SweptRate {
  private static final String RATE = "learning_rate";

  /** A rate inside of these arguments is a distance, not a learning rate. */
  private static final Set<String> DISTANCES = Set.of("adv_optimizer");

  /**
   * Optimizers without a learning rate that somebody must choose. Their argument of this name, if
   * any, multiplies what they estimate, and stays as it is.
   */
  private static final Set<String> FREE = Set.of("cocob", "dadapt_adamw", "mechanize", "prodigy");

  private final double rate;
  private int replaced;

  private SweptRate(double rate) {
    this.rate = rate;
  }

  /** Returns whether an optimizer, or one inside of it, finds its step size itself. */
  static boolean isFree(Object plain) {
    Map<String, @Nullable Object> children = Records.children(plain);
    return ContainerType.of(plain) != null
        && (FREE.contains(String.valueOf(children.get("name")))
            || LineSearches.scale(plain)
            || children.values().stream().anyMatch(child -> child != null && isFree(child)));
  }

  /**
   * Returns the optimizer with this learning rate, also if an optimizer inside of it has it.
   *
   * @throws IllegalArgumentException if it has no learning rate that is a number, or several
   */
  static OptimizerSpec set(OptimizerSpec spec, double rate) {
    SweptRate swept = new SweptRate(rate);
    Object plain = swept.inside(spec.plain());
    if (swept.replaced != 1) {
      throw new IllegalArgumentException(
          "%s must have one learning rate that is a number, for --over %s, but had %d"
              .formatted(spec.label(), SweepParameter.LEARNING_RATE, swept.replaced));
    }
    return new OptimizerSpec(spec.label(), OptimizerSpec.form(plain));
  }

  private Object inside(Object plain) {
    ContainerType type = ContainerType.of(plain);
    return type == null ? plain : type.make(i -> replaced(type.name(i), type.get(plain, i)));
  }

  private @Nullable Object replaced(String key, @Nullable Object value) {
    if (key.equals(RATE) && value instanceof Number) {
      replaced++;
      return rate;
    }
    return value == null || DISTANCES.contains(key) ? value : inside(value);
  }
}
