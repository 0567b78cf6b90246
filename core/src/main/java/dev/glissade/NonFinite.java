package dev.glissade;

import dev.glissade.withers.Withers;

/**
 * What a {@link Stepper} does when the gradients, or the loss, hold a NaN or an infinity: {@link
 * #ALLOW}, {@link #SKIP}, {@link #skip skip} a limited number in a row, or {@link #ERROR}.
 *
 * <p>Looked at before a step: every number of the gradients, and the loss where {@link
 * Extras#withValue} gives it. Looked at in the step: what a gradient function of the extra
 * arguments gives back (it was called then, and is called again at the next step). Not looked at:
 * what a transformation makes of finite numbers, and the results of {@link Tree#callback}.
 *
 * <p>But for {@link #ALLOW}, the gradients are read once more, in a pass of their own that moves 4
 * bytes per float32 element: next to the 12 of plain gradient descent and the 28 of AdamW.
 *
 * @param action what to do
 * @param maxConsecutiveSkips how many steps in a row may be skipped before the next such one throws
 *     an exception; only {@link Action#SKIP} uses it
 */
@Withers
public record NonFinite(Action action, int maxConsecutiveSkips) implements NonFiniteWithers {

  /** What to do with a step that is not finite. */
  public enum Action {
    ALLOW,
    SKIP,
    ERROR
  }

  /** Nothing is looked at; the numbers go through. What a stepper does if nothing is said. */
  public static final NonFinite ALLOW = new NonFinite(Action.ALLOW, 0);

  /** The step changes nothing, and is counted: {@link Stepper#skippedSteps}. */
  public static final NonFinite SKIP = new NonFinite(Action.SKIP, Integer.MAX_VALUE);

  /** The step changes nothing and throws a {@link NonFiniteException}. */
  public static final NonFinite ERROR = new NonFinite(Action.ERROR, 0);

  public NonFinite {
    if (maxConsecutiveSkips < 0) {
      throw new IllegalArgumentException(
          "maxConsecutiveSkips must be at least 0, but was " + maxConsecutiveSkips);
    }
  }

  /**
   * Returns {@link #SKIP}, but throws when more than this number of steps in a row would be
   * skipped.
   */
  public static NonFinite skip(int maxConsecutiveSkips) {
    return new NonFinite(Action.SKIP, maxConsecutiveSkips);
  }
}
