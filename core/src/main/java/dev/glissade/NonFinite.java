package dev.glissade;

import dev.glissade.withers.Withers;

/**
 * What a {@link Stepper} does when the gradients or the loss contain a NaN or an infinity: {@link
 * #ALLOW}, {@link #SKIP}, {@link #skip skip} a limited number of steps in a row, or {@link #ERROR}.
 *
 * <p>Before a step, the stepper checks every number of the gradients, and the loss if {@link
 * Extras#withValue} gives it. During the step, it checks the results of a gradient function among
 * the extra arguments (a skipped step has called the function by then, and the next step calls it
 * again). It does not check what a transformation computes from finite numbers, nor the results of
 * {@link Tree#callback}.
 *
 * <p>Every policy but {@link #ALLOW} reads the gradients once more, in a separate pass over 4 bytes
 * for each float32 element; plain gradient descent moves 12 bytes, AdamW 28.
 *
 * @param action what to do
 * @param maxConsecutiveSkips how many steps in a row may be skipped before the next one that would
 *     be skipped throws a {@link NonFiniteException}; only {@link Action#SKIP} uses it
 */
@Withers
public record NonFinite(Action action, int maxConsecutiveSkips) implements NonFiniteWithers {

  /** What to do with a step whose gradients or loss are not finite. */
  public enum Action {
    /** Takes the step unchecked. */
    ALLOW,

    /** Skips the step. */
    SKIP,

    /** Throws a {@link NonFiniteException}. */
    ERROR
  }

  /** Checks nothing and takes every step: a stepper's default. */
  public static final NonFinite ALLOW = new NonFinite(Action.ALLOW, 0);

  /** Leaves parameters and state unchanged and counts the step in {@link Stepper#skippedSteps}. */
  public static final NonFinite SKIP = new NonFinite(Action.SKIP, Integer.MAX_VALUE);

  /** Leaves parameters and state unchanged and throws a {@link NonFiniteException}. */
  public static final NonFinite ERROR = new NonFinite(Action.ERROR, 0);

  /**
   * Creates a policy.
   *
   * @param action what to do
   * @param maxConsecutiveSkips how many steps in a row may be skipped, not negative
   * @throws IllegalArgumentException if {@code maxConsecutiveSkips} is negative
   */
  public NonFinite {
    if (maxConsecutiveSkips < 0) {
      throw new IllegalArgumentException(
          "maxConsecutiveSkips must be at least 0, but was " + maxConsecutiveSkips);
    }
  }

  /**
   * Returns a policy that skips like {@link #SKIP}, but throws a {@link NonFiniteException} when
   * more than a number of steps in a row would be skipped.
   *
   * @param maxConsecutiveSkips the number of steps in a row that may be skipped, not negative
   * @return the policy
   * @throws IllegalArgumentException if the number is negative
   */
  public static NonFinite skip(int maxConsecutiveSkips) {
    return new NonFinite(Action.SKIP, maxConsecutiveSkips);
  }
}
