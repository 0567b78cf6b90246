package dev.glissade;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Extra arguments of a step by name, which every combinator passes on to what it wraps: the loss
 * value, a gradient function, and a user's own. Immutable.
 *
 * <p>Inside of a step numbers and trees among them are deferred like all others. Anything else
 * (objects, strings, booleans) is compared by {@code equals}, and a {@link Stepper} prepares a
 * program for each different value.
 */
public final class Extras {
  /** No extra arguments. */
  public static final Extras NONE = new Extras(Map.of());

  private static final String VALUE = "value";
  private static final String GRADIENT_FUNCTION = "grad_fn";

  private final Map<String, Object> arguments;
  private final boolean calls;

  private Extras(Map<String, Object> arguments) {
    this.arguments = arguments;
    this.calls = arguments.values().stream().anyMatch(GradientFunction.class::isInstance);
  }

  /** These and one more; a Double, Float or Integer becomes a {@link Scalar}. */
  public Extras with(String name, Object argument) {
    Map<String, Object> more = new TreeMap<>(arguments);
    more.put(name, argument instanceof Number n ? Scalar.of(n.doubleValue()) : argument);
    return new Extras(Collections.unmodifiableMap(more));
  }

  /** These and the value of the loss at the parameters. */
  public Extras withValue(double value) {
    return with(VALUE, value);
  }

  /** These and the gradients of the loss as a function of parameters. */
  public Extras withGradientFunction(GradientFunction function) {
    return with(GRADIENT_FUNCTION, function);
  }

  /** The value of the loss. */
  public Scalar value() {
    return scalar(VALUE);
  }

  /** The gradient function. */
  public GradientFunction gradientFunction() {
    return get(GRADIENT_FUNCTION, GradientFunction.class);
  }

  public boolean has(String name) {
    return arguments.containsKey(name);
  }

  /** The number of this name. */
  public Scalar scalar(String name) {
    return get(name, Scalar.class);
  }

  /** The tree of this name. */
  public Tree tree(String name) {
    return get(name, Tree.class);
  }

  /**
   * The argument of this name.
   *
   * @throws IllegalArgumentException if it is missing or of another type
   */
  public <T> T get(String name, Class<T> type) {
    @Nullable Object argument = arguments.get(name);
    if (argument == null) {
      throw new IllegalArgumentException(
          "extra argument \"%s\" must be given: step(gradients, Extras.NONE.%s)"
              .formatted(name, giver(name)));
    }
    if (!type.isInstance(argument)) {
      throw new IllegalArgumentException(
          "extra argument \"%s\" must be a %s, but was %s"
              .formatted(name, type.getSimpleName(), argument));
    }
    return type.cast(argument);
  }

  /** The method that gives the argument of this name. */
  private static String giver(String name) {
    return switch (name) {
      case VALUE -> "withValue(...)";
      case GRADIENT_FUNCTION -> "withGradientFunction(...)";
      default -> "with(\"" + name + "\", ...)";
    };
  }

  Map<String, Object> arguments() {
    return arguments;
  }

  /** Whether a gradient function is among them. */
  boolean calls() {
    return calls;
  }

  /** Whether there is a loss, and it is a NaN or an infinity. */
  boolean isLossNonFinite() {
    return arguments.get(VALUE) instanceof Scalar loss
        && loss.isEvaluated()
        && !Double.isFinite(loss.value());
  }

  static Extras of(Map<String, Object> arguments) {
    return arguments.isEmpty() ? NONE : new Extras(Collections.unmodifiableMap(arguments));
  }
}
