package dev.glissade.privacy;

import dev.glissade.privacy.accounting.Accountant;
import dev.glissade.privacy.accounting.Adjacency;
import dev.glissade.privacy.accounting.GaussianSteps;
import dev.glissade.privacy.accounting.Guarantee;
import dev.glissade.privacy.accounting.PrivacyBudget;
import dev.glissade.privacy.accounting.PrivacyLedger;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tracks what one training spends, in units of its sampler, and what the budget has left. Other
 * threads may record steps in the same ledger at any time.
 */
final class BudgetTracker {
  private final GaussianSteps unit;
  private PrivacyLedger ledger = PrivacyLedger.inMemory();
  private @Nullable PrivacyBudget budget;

  BudgetTracker(GaussianSteps unit) {
    this.unit = unit;
  }

  void ledger(PrivacyLedger ledger) {
    this.ledger = ledger;
  }

  void budget(PrivacyBudget budget) {
    this.budget = budget;
  }

  /** Returns how many units the budget allows in addition to what the ledger has now. */
  long left() {
    return budget == null ? Long.MAX_VALUE : budget.after(ledger.spent()).stepsFor(unit);
  }

  /** Returns whether the budget allows one more unit now; only {@link #spend} decides. */
  boolean allowsOne() {
    return isAllowed(ledger.with(unit));
  }

  private boolean isAllowed(List<GaussianSteps> totals) {
    return budget == null || budget.after(totals).allows(unit.withCount(0));
  }

  /** Spends a unit before its noise is drawn; returns false if the budget does not allow it. */
  boolean spend() {
    try {
      return ledger.spend(unit, this::isAllowed);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "the step can't be recorded in " + ledger + ", so its noise was not drawn", e);
    }
  }

  /** Returns how many such units the ledger has, from this training and others. */
  long known() {
    return ledger.countLike(unit);
  }

  /** Returns the ledger's totals, for a checkpoint. */
  String text() {
    return ledger.text();
  }

  /** Refuses a ledger that lacks steps that it had at a checkpoint, and warns if it has more. */
  void requireKnown(PrivateTraining.State state) {
    List<GaussianSteps> missing = ledger.missing(state.spent());
    if (!missing.isEmpty()) {
      throw new IllegalArgumentException(
          ("%s must have every step that it had at the checkpoint, but lacked %s: use the"
                  + " checkpoint's own ledger; if it is lost, restoreLedger (--ledger-lost in the"
                  + " program) adds the steps that the checkpoint knows")
              .formatted(ledger, missing));
    }
    requireSameUnit(state, known());
    if (known() > state.counted()) {
      System.getLogger(PrivateTraining.class.getName())
          .log(
              System.Logger.Level.WARNING,
              "%s has %d steps or epochs, but the checkpoint only %d: the difference stays spent"
                  .formatted(ledger, known(), state.counted()));
    }
  }

  private void requireSameUnit(PrivateTraining.State state, long known) {
    if (known < state.counted()) {
      throw new IllegalArgumentException(
          ("noise and batches must be those of the checkpoint: it counts %d steps or epochs, but"
                  + " %s had %d of %s")
              .formatted(state.counted(), ledger, known, unit));
    }
  }

  /** Adds what the ledger lacks of a checkpoint's totals, and units that may have followed it. */
  void restore(PrivateTraining.State state, long since) {
    List<GaussianSteps> missing = ledger.missing(state.spent());
    long back =
        missing.stream()
            .filter(steps -> steps.withCount(0).equals(unit.withCount(0)))
            .mapToLong(GaussianSteps::count)
            .sum();
    requireSameUnit(state, known() + back);
    try {
      for (GaussianSteps steps : missing) {
        ledger.add(steps);
      }
      if (since > 0) {
        ledger.add(unit.withCount(since));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(ledger + " can't be restored", e);
    }
  }

  /** Returns the guarantee for everything that the ledger has. */
  Guarantee stated(Accountant accountant, double delta, boolean amplified) {
    for (GaussianSteps spent : ledger.spent()) {
      if (amplified && spent.adjacency() != Adjacency.ADD_OR_REMOVE_ONE) {
        throw new IllegalStateException(
            "the ledger must have only Poisson sampling, but had shuffled batches: call"
                + " guaranteeWithoutAmplification, for neighbors by \""
                + spent.adjacency()
                + "\"");
      }
      accountant.add(spent);
    }
    return accountant.epsilon(delta);
  }
}
