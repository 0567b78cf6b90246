package dev.glissade.privacy.accounting;

import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Remembers which step counts a budget allows: fewer steps reveal less, so it allows those too.
 * When it must ask the accountant, it asks about somewhat more steps than the caller (except the
 * first time), so that it can answer the next calls at once. Thread-safe.
 */
final class BudgetCache {
  private static final double[] PARTS = {0x1p-4, 0x1p-7, 0x1p-10, 0x1p-14, 0x1p-18, 0};

  private static final double[] ALONE = {0};

  private final Predicate<List<SampledGaussian>> keeps;
  private @Nullable StepCounts kept;
  private @Nullable StepCounts tooMany;
  private boolean asked;

  BudgetCache(Predicate<List<SampledGaussian>> keeps) {
    this.keeps = keeps;
  }

  /** Remembers that the budget allows these steps in total. */
  synchronized void remember(StepCounts total) {
    if (kept == null || !kept.cover(total)) {
      kept = total;
    }
  }

  /** Returns whether the budget allows these steps in total. */
  synchronized boolean allows(StepCounts total) {
    if (kept != null && kept.cover(total)) {
      return true;
    }
    double[] parts = asked ? PARTS : ALONE;
    asked = true;
    for (double part : parts) {
      StepCounts more = total.more(part);
      boolean known = tooMany != null && more.cover(tooMany);
      if (!known && keeps.test(more.kinds())) {
        kept = more;
        return true;
      }
      if (!known) {
        tooMany = more;
      }
    }
    return false;
  }
}
