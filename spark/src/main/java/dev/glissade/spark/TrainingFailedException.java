package dev.glissade.spark;

/** Thrown when a training has failed more often than it may; the message says why it failed. */
public final class TrainingFailedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  TrainingFailedException(String sentence, Throwable cause) {
    super(sentence, cause);
  }
}
