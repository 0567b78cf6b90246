package dev.glissade.arena.train;

/** Thrown when a run has stopped on request; the message says how to resume it. */
public final class RunStoppedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  RunStoppedException(String sentence) {
    super(sentence);
  }
}
