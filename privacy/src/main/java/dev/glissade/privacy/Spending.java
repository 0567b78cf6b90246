package dev.glissade.privacy;

import dev.glissade.privacy.accounting.Accountant;
import dev.glissade.privacy.accounting.Adjacency;
import dev.glissade.privacy.accounting.Calibration;
import dev.glissade.privacy.accounting.GaussianSteps;
import dev.glissade.privacy.accounting.Guarantee;
import dev.glissade.privacy.accounting.PrivacyLedger;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/** What one training spends of a ledger's privacy, in units of its sampler, and what is left. */
final class Spending {
  private final GaussianSteps unit;
  private PrivacyLedger ledger = PrivacyLedger.inMemory();
  private @Nullable Calibration budget;
  private long left = Long.MAX_VALUE;
  private long seen = -1;

  Spending(GaussianSteps unit) {
    this.unit = unit;
  }

  void ledger(PrivacyLedger ledger) {
    this.ledger = ledger;
    this.seen = -1;
  }

  void budget(Calibration budget) {
    this.budget = budget;
    this.seen = -1;
  }

  /** Units that the budget allows; counted anew when somebody else has used the ledger. */
  long left() {
    Calibration kept = budget;
    if (kept != null && seen != ledger.changes()) {
      left = kept.after(ledger.spent()).stepsFor(unit);
      seen = ledger.changes();
    }
    return left;
  }

  /** Whether one more is allowed, which is sooner known than how many are. */
  boolean allowsOne() {
    Calibration kept = budget;
    if (kept == null || seen < 0 || seen == ledger.changes()) {
      return left() > 0;
    }
    return kept.after(ledger.spent()).isKept(unit);
  }

  /** Spends a unit, before its noise is drawn. */
  void spend() {
    boolean known = seen == ledger.changes();
    try {
      ledger.add(unit);
    } catch (IOException e) {
      throw new UncheckedIOException("no noise is drawn that " + ledger + " does not have", e);
    }
    if (budget != null && known) {
      left--;
      seen = ledger.changes();
    }
  }

  /** How many such units the ledger has, of this training and of others. */
  long known() {
    return ledger.countLike(unit);
  }

  /** Refuses a ledger that has less than a checkpoint, and warns of one that has more. */
  void requireKnown(long counted) {
    long known = known();
    if (known < counted) {
      throw new IllegalArgumentException(
          "the checkpoint has spent %d of %s, but %s has %d of these: it is not this run's ledger, or"
                  .formatted(counted, unit, ledger, known)
              + " the noise or the batches are not the checkpoint's");
    }
    if (known > counted) {
      System.getLogger(PrivateTraining.class.getName())
          .log(
              System.Logger.Level.WARNING,
              "%s has %d and the checkpoint %d steps or epochs: those in between stay spent"
                  .formatted(ledger, known, counted));
    }
  }

  /** What may be stated of all that the ledger has. */
  Guarantee stated(Accountant accountant, double delta, boolean amplified) {
    for (GaussianSteps spent : ledger.spent()) {
      if (amplified && spent.adjacency() != Adjacency.ADD_OR_REMOVE_ONE) {
        throw new IllegalStateException(
            "an epsilon of Poisson sampling can't be stated for shuffled batches; what can be is"
                + " guaranteeWithoutAmplification, for neighbours by \""
                + spent.adjacency()
                + "\"");
      }
      accountant.add(spent);
    }
    return accountant.epsilon(delta);
  }
}
