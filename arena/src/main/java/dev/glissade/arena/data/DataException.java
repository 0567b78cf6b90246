package dev.glissade.arena.data;

import org.jspecify.annotations.Nullable;

/** Thrown for data that can't be trained on. The message has the file, the rule and the value. */
public final class DataException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Makes an exception with a message. */
  public DataException(String message) {
    this(message, null);
  }

  /** Makes an exception with a message and the file reader's exception as its cause. */
  public DataException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
