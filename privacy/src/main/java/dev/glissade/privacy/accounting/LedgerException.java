package dev.glissade.privacy.accounting;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Thrown when a ledger's file can't be used; the message names the file and says why. */
public final class LedgerException extends IOException {
  private static final long serialVersionUID = 1;

  private final boolean damage;

  private LedgerException(String message, boolean damage, @Nullable Throwable cause) {
    super(message, cause);
    this.damage = damage;
  }

  static LedgerException damaged(String message, @Nullable Throwable cause) {
    return new LedgerException(message, true, cause);
  }

  static LedgerException unusable(String message, @Nullable Throwable cause) {
    return new LedgerException(message, false, cause);
  }

  /** {@return whether the file's content is at fault: it is empty, damaged or not a ledger} */
  public boolean isDamage() {
    return damage;
  }
}
