package dev.glissade;

/**
 * Computes the gradients of a loss at the parameters that a transformation asks for, several times
 * in one step if it needs to.
 */
@FunctionalInterface
public interface GradientFunction {

  /**
   * Returns the gradients at some parameters.
   *
   * <p>The result may be on the same arrays each time. If the function throws, the step changes
   * nothing. The function must not use the {@link Stepper} that calls it.
   *
   * @param params the parameters, borrowed for the call: copy what you keep, and do not write to
   *     them, since they are the step's own numbers
   * @param i counts the evaluations in this step, from 0, so that each may use another minibatch
   * @return the gradients, in the form of the parameters
   */
  Tree gradients(Tree params, int i);
}
