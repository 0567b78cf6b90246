package dev.glissade;

/**
 * Thrown when gradients or a loss are not finite and {@link NonFinite} does not allow it: {@code
 * gradients["dense/kernel"][17] is NaN at step 12}. The index is the row-major index in the leaf;
 * steps count from 1, as in {@link Stepper#steps}. Parameters and state are unchanged.
 */
public final class NonFiniteException extends ArithmeticException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates an exception.
   *
   * @param message what is not finite, and at which step
   */
  public NonFiniteException(String message) {
    super(message);
  }
}
