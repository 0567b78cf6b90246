package dev.glissade.records;

/** Checks of arguments; each error is a sentence with the name, the rule and the value. */
public final class Check {
  private Check() {}

  public static double finite(String name, double value) {
    return require(Double.isFinite(value), name, "must be finite", value);
  }

  public static double positive(String name, double value) {
    return require(value > 0 && Double.isFinite(value), name, "must be positive", value);
  }

  public static int positive(String name, int value) {
    that(value > 0, name + " must be positive", value);
    return value;
  }

  /**
   * Refuses a value that breaks a rule.
   *
   * @param rule a sentence such as "boundaries must not be empty"; the message adds the value
   */
  public static void that(boolean holds, String rule, Object value) {
    if (!holds) {
      throw new IllegalArgumentException(
          rule + (rule.contains(" must have ") ? ", but had " : ", but was ") + value);
    }
  }

  public static double notNegative(String name, double value) {
    return require(value >= 0 && Double.isFinite(value), name, "must not be negative", value);
  }

  /** What bounds a size: not negative, and infinity where nothing is bounded. */
  public static double bound(String name, double value) {
    if (!(value >= 0)) {
      String rule = Double.isNaN(value) ? "must be a number" : "must not be negative";
      throw new IllegalArgumentException("%s %s, but was %s".formatted(name, rule, value));
    }
    return value;
  }

  /** In [0, 1). */
  public static double decay(String name, double value) {
    return require(value >= 0 && value < 1, name, "must be in [0, 1)", value);
  }

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
