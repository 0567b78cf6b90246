package dev.glissade.contrib;

import dev.glissade.Schedule;
import dev.glissade.records.Check;
import dev.glissade.withers.Withers;

/**
 * A power of the number of steps taken: {@code count^exponent}. ADOPT's bound is the fourth root.
 *
 * @param exponent the power, not negative
 */
@Withers
public record PowerOfCount(double exponent) implements Schedule, PowerOfCountWithers {
  /**
   * Checks the argument.
   *
   * @param exponent finite and not negative
   * @throws IllegalArgumentException if it breaks its rule
   */
  public PowerOfCount {
    Check.notNegative("exponent", exponent);
  }

  @Override
  public double at(double count) {
    return Math.pow(count, exponent);
  }
}
