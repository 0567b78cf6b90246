package dev.glissade.records;

/**
 * Checks arguments. An error names the argument, the rule and the value: {@code "l2NormClip must be
 * positive, but was -1.0"}.
 */
public final class Check {
  private Check() {}

  /**
   * {@return the value, which must be finite}
   *
   * @param name the argument's name, for the message
   * @param value the argument
   * @throws IllegalArgumentException if it is NaN or infinite
   */
  public static double finite(String name, double value) {
    return require(Double.isFinite(value), name, "must be finite", value);
  }

  /**
   * {@return the value, which must be positive and finite}
   *
   * @param name the argument's name, for the message
   * @param value the argument
   * @throws IllegalArgumentException if it is NaN, infinite, 0 or negative
   */
  public static double positive(String name, double value) {
    return require(value > 0 && Double.isFinite(value), name, "must be positive", value);
  }

  /**
   * {@return the value, which must be positive}
   *
   * @param name the argument's name, for the message
   * @param value the argument
   * @throws IllegalArgumentException if it is 0 or negative
   */
  public static int positive(String name, int value) {
    that(value > 0, name + " must be positive", value);
    return value;
  }

  /**
   * Throws unless a rule holds. The message is the rule and ", but was VALUE" (", but had VALUE" if
   * the rule contains " must have ").
   *
   * @param holds whether the value obeys the rule
   * @param rule the rule as a sentence, such as "boundaries must not be empty"
   * @param value the value, for the message
   * @throws IllegalArgumentException if the rule does not hold
   */
  public static void that(boolean holds, String rule, Object value) {
    if (!holds) {
      throw new IllegalArgumentException(
          rule + (rule.contains(" must have ") ? ", but had " : ", but was ") + value);
    }
  }

  /**
   * {@return the value, which must be finite and not negative}
   *
   * @param name the argument's name, for the message
   * @param value the argument
   * @throws IllegalArgumentException if it is NaN, infinite or negative
   */
  public static double notNegative(String name, double value) {
    return require(value >= 0 && Double.isFinite(value), name, "must not be negative", value);
  }

  /**
   * {@return the value, a bound on a size: not negative; infinity for no bound}
   *
   * @param name the argument's name, for the message
   * @param value the argument
   * @throws IllegalArgumentException if it is NaN or negative
   */
  public static double bound(String name, double value) {
    if (!(value >= 0)) {
      String rule = Double.isNaN(value) ? "must be a number" : "must not be negative";
      throw new IllegalArgumentException("%s %s, but was %s".formatted(name, rule, value));
    }
    return value;
  }

  /**
   * {@return the value, which must be in [0, 1)}
   *
   * @param name the argument's name, for the message
   * @param value the argument
   * @throws IllegalArgumentException if it is NaN or outside [0, 1)
   */
  public static double decay(String name, double value) {
    return require(value >= 0 && value < 1, name, "must be in [0, 1)", value);
  }

  /**
   * {@return the value, which must be at least a minimum}
   *
   * @param name the argument's name, for the message
   * @param least the minimum
   * @param value the argument
   * @throws IllegalArgumentException if it is less
   */
  public static int atLeast(String name, int least, int value) {
    if (value < least) {
      throw new IllegalArgumentException(
          "%s must be at least %d, but was %d".formatted(name, least, value));
    }
    return value;
  }

  private static double require(boolean holds, String name, String rule, double value) {
    if (!holds) {
      throw new IllegalArgumentException(
          name + " " + (Double.isFinite(value) ? rule : "must be finite") + ", but was " + value);
    }
    return value;
  }
}
