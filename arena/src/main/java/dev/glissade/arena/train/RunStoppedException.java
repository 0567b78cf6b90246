package dev.glissade.arena.train;

/** A run was asked to stop, and has; the message says where it can go on. */
public final class RunStoppedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  RunStoppedException(String sentence) {
    super(sentence);
  }
}
