package dev.glissade;

import org.jspecify.annotations.Nullable;

/** Keeps to a {@link NonFinite} other than to allow all: looks at what goes into steps. */
final class FiniteGuard {
  private final NonFinite policy;
  private @Nullable FiniteCheck gradientCheck;
  private @Nullable FiniteCheck resultCheck;
  private int skippedInARow;

  /** Ends a step from inside of it, before anything is stored. */
  static final class Skipped extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private Skipped() {
      super("a step is skipped", null, false, false);
    }
  }

  FiniteGuard(NonFinite policy) {
    this.policy = policy;
  }

  /** Whether the step may go on; else it is to be skipped. */
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

  /** Looks at a gradient function's result. */
  void requireFinite(Tree result, int call, long step, int threads) {
    FiniteCheck check = resultCheck;
    if (check == null || !check.fits(result)) {
      check = new FiniteCheck(result);
      resultCheck = check;
    }
    if (!check.isFinite(result, threads)) {
      refuse("result " + call + " of the gradient function: gradients", result, step);
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

  private void refuse(String complaint, long step) {
    if (!maySkip()) {
      String after =
          policy.action() == NonFinite.Action.SKIP
              ? ", after %d skipped steps in a row".formatted(skippedInARow)
              : "";
      throw new NonFiniteException("%s at step %d%s".formatted(complaint, step, after));
    }
  }

  /** Hears whether a step was taken, or else skipped. */
  void ended(boolean taken) {
    skippedInARow = taken ? 0 : skippedInARow + 1;
  }
}
