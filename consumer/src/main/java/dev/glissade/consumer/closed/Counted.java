package dev.glissade.consumer.closed;

import dev.glissade.GradientTransformation;
import dev.glissade.Scalar;
import dev.glissade.Step;

/** Makes an optimizer whose state the library can't read. */
public final class Counted {
  private Counted() {}

  record Count(Scalar steps) {}

  /** Returns gradient descent that counts its steps. */
  public static GradientTransformation<?> of(double rate) {
    return GradientTransformation.of(
        params -> new Count(Scalar.of(0)),
        (gradients, state, params) ->
            Step.of(gradients.times(-rate), new Count(state.steps().plus(1))));
  }
}
