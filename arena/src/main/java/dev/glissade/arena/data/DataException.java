package dev.glissade.arena.data;

import org.jspecify.annotations.Nullable;

/** Data that cannot be trained on. The message is a sentence: the file, the rule and the value. */
public final class DataException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Refuses data with a sentence. */
  public DataException(String message) {
    this(message, null);
  }

  /** Refuses data with a sentence; the cause is what the reader of the file said. */
  public DataException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
