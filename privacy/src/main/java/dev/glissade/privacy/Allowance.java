package dev.glissade.privacy;

import dev.glissade.privacy.accounting.Calibration;
import dev.glissade.privacy.accounting.GaussianSteps;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tells whether a budget allows what a ledger would have. An accountant takes up to seconds for
 * that, so two answers are kept, of which most others follow: totals that the budget allows, so
 * that it allows fewer steps as well, and totals that it does not allow, nor more.
 */
final class Allowance {
  private final Calibration budget;
  private List<GaussianSteps> allowed = List.of();
  private @Nullable List<GaussianSteps> refused;
  private long ahead = 1;

  Allowance(Calibration budget) {
    this.budget = budget;
  }

  /** Returns whether these totals keep the budget. */
  boolean allows(List<GaussianSteps> totals) {
    if (covers(allowed, totals)) {
      return true;
    }
    if (refused != null && covers(totals, refused)) {
      return false;
    }
    // Asks for steps ahead, twice as many as the last time, or else as many as are allowed.
    for (long more = 2 * ahead; more > 0; more /= 2) {
      if (isKept(ahead(totals, more))) {
        ahead = more;
        return true;
      }
    }
    return isKept(totals);
  }

  private boolean isKept(List<GaussianSteps> totals) {
    if (refused != null && covers(totals, refused)) {
      return false;
    }
    boolean kept = budget.after(totals).isKept(totals.get(0).withCount(0));
    if (kept) {
      allowed = List.copyOf(totals);
    } else {
      refused = List.copyOf(totals);
    }
    return kept;
  }

  private static List<GaussianSteps> ahead(List<GaussianSteps> totals, long more) {
    return totals.stream().map(kind -> kind.withCount(saturated(kind.count(), more))).toList();
  }

  private static long saturated(long count, long more) {
    return count > Long.MAX_VALUE - more ? Long.MAX_VALUE : count + more;
  }

  /** Returns whether the first totals have each kind of the second, and no fewer of it. */
  private static boolean covers(List<GaussianSteps> more, List<GaussianSteps> less) {
    return less.stream()
        .allMatch(kind -> kind.count() == 0 || count(more, kind.withCount(0)) >= kind.count());
  }

  private static long count(List<GaussianSteps> totals, GaussianSteps kind) {
    for (GaussianSteps steps : totals) {
      if (steps.withCount(0).equals(kind)) {
        return steps.count();
      }
    }
    return 0;
  }
}
