package dev.glissade;

import org.jspecify.annotations.Nullable;

/**
 * A loss as a function of parameters, which a line search evaluates several times in one step:
 *
 * <pre>{@code
 * stepper.step(
 *     gradients,
 *     Extras.NONE
 *         .withValue(loss)
 *         .withLossFunction((at, i) -> new ValueAndGradients(loss(at), gradients(at))));
 * }</pre>
 *
 * <p>It must be the same function at each call in a step: of one batch, without random numbers.
 */
@FunctionalInterface
public interface LossFunction {

  /**
   * Returns the loss and its gradients at some parameters. A loss that is NaN or infinite says that
   * it is not defined there; its gradients do not matter.
   *
   * <p>The gradients may be on the same arrays each time. If the function throws, the step changes
   * nothing. The function must not use the {@link Stepper} that calls it.
   *
   * @param params the parameters, borrowed for the call: copy what you keep, and do not write to
   *     them, since they are the step's own numbers
   * @param i counts the evaluations in this step, from 0
   * @return the loss, and the gradients in the form of the parameters
   */
  ValueAndGradients valueAndGradients(Tree params, int i);

  /**
   * Returns the loss at some parameters, for a search that needs no gradients there. Override it if
   * the loss alone is cheaper; by default it computes both.
   *
   * @param params the parameters, borrowed for the call
   * @param i counts the evaluations in this step, from 0
   * @return the loss
   */
  default double value(Tree params, int i) {
    return valueAndGradients(params, i).value();
  }

  /**
   * A state that knows the loss, and perhaps the gradients, at the parameters after the step, since
   * a line search has evaluated them there: {@link Stepper#stepAgain} reads them.
   */
  interface EvaluatedState {
    /** {@return the loss at the parameters; infinite or NaN if it is not known} */
    Scalar value();

    /** {@return the gradients at the parameters; null if they are not known} */
    @Nullable Tree grad();
  }
}
