package dev.glissade;

import org.jspecify.annotations.Nullable;

/**
 * A state that knows the loss, and perhaps the gradients, at the parameters after the step, since a
 * line search has evaluated them there: {@link Stepper#stepAgain} reads them.
 */
public interface EvaluatedState {
  /** {@return the loss at the parameters; infinite or NaN if it is not known} */
  Scalar value();

  /** {@return the gradients at the parameters; null if they are not known} */
  @Nullable Tree grad();
}
