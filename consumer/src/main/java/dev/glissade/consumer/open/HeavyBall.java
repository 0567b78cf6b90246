package dev.glissade.consumer.open;

import dev.glissade.GradientTransformation;
import dev.glissade.Scalar;
import dev.glissade.Step;
import dev.glissade.Tree;

/** Makes an optimizer whose state is a private record of this package. */
public final class HeavyBall {
  private HeavyBall() {}

  private record Velocity(Tree velocity, Scalar steps) {}

  /** Returns gradient descent with momentum. */
  public static GradientTransformation<?> of(double rate, double momentum) {
    return GradientTransformation.of(
        params -> new Velocity(params.zeros(), Scalar.of(0)),
        (gradients, state, params) -> {
          Tree velocity = state.velocity().times(momentum).plus(gradients);
          return Step.of(velocity.times(-rate), new Velocity(velocity, state.steps().plus(1)));
        });
  }
}
