package dev.glissade;

import org.jspecify.annotations.Nullable;

/**
 * Applies a {@link NonFinite} policy of skipping or refusing to what goes into a stepper's steps.
 */
final class FiniteGuard {
  private final NonFinite policy;
  private @Nullable FiniteCheck gradientCheck;
  private @Nullable FiniteCheck resultCheck;
  private int skippedInARow;

  /** Thrown inside a step to abandon it before it stores anything. */
  static final class Skipped extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private Skipped() {
      super("the step is skipped", null, false, false);
    }
  }

  FiniteGuard(NonFinite policy) {
    this.policy = policy;
  }

  /** Returns whether the loss and the gradients are finite; if not, skips the step or throws. */
  boolean passes(Tree gradients, Extras extras, long step, int threads) {
    if (extras.isLossNonFinite()) {
      refuse("loss is " + extras.value().value(), step);
      return false;
    }
    FiniteCheck check = gradientCheck;
    if (check == null || !check.fits(gradients)) {
      check = new FiniteCheck(gradients);
      gradientCheck = check;
    }
    if (check.isFinite(gradients, threads)) {
      return true;
    }
    refuse("gradients", gradients, step);
    return false;
  }

  /** Checks what a function among the extra arguments returned. */
  void requireFinite(Tree result, String name, long step, int threads) {
    FiniteCheck check = resultCheck;
    if (check == null || !check.fits(result)) {
      check = new FiniteCheck(result);
      resultCheck = check;
    }
    if (!check.isFinite(result, threads)) {
      refuse(name, result, step);
      throw new Skipped();
    }
  }

  private void refuse(String name, Tree numbers, long step) {
    if (!maySkip()) {
      refuse(FiniteCheck.first(name, numbers), step);
    }
  }

  private boolean maySkip() {
    return policy.action() == NonFinite.Action.SKIP && skippedInARow < policy.maxConsecutiveSkips();
  }

  private void refuse(String problem, long step) {
    if (!maySkip()) {
      String after =
          policy.action() == NonFinite.Action.SKIP
              ? ", after %d skipped steps in a row".formatted(skippedInARow)
              : "";
      throw new NonFiniteException("%s at step %d%s".formatted(problem, step, after));
    }
  }

  /**
   * Counts the skipped steps in a row, after each step.
   *
   * @param taken whether the step was taken; else it was skipped
   */
  void ended(boolean taken) {
    skippedInARow = taken ? 0 : skippedInARow + 1;
  }
}
