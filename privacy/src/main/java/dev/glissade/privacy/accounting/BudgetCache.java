package dev.glissade.privacy.accounting;

import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Remembers which numbers of steps a budget allows, since fewer steps reveal less. Where it does
 * not know, it asks for somewhat more than it was asked, but for the first time, so that the next
 * calls are answered at once. For use by several threads.
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

  /** Returns whether the budget allows these steps in all. */
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
