package dev.glissade;

/**
 * Gradients or a loss that are not finite, where {@link NonFinite} does not allow it: {@code
 * gradients["dense/kernel"][17] is NaN at step 12}. The index is the row-major one in the leaf, the
 * step is counted from 1 as in {@link Stepper#steps}. Nothing was changed.
 */
public final class NonFiniteException extends ArithmeticException {
  private static final long serialVersionUID = 1L;

  /** Refuses with a sentence. */
  public NonFiniteException(String message) {
    super(message);
  }
}
