package dev.glissade;

/** Gradients of a loss where a transformation asks for them. */
@FunctionalInterface
public interface GradientFunction {

  /**
   * The gradients at some parameters.
   *
   * <p>The result may be on the same arrays each time. If the function throws, the step changes
   * nothing. It must not use the {@link Stepper} that calls it.
   *
   * @param params where; borrowed for the call, to be copied if kept, and not to be written to:
   *     these are the step's own numbers
   * @param i which evaluation of this step it is, from 0: another minibatch may be used for each
   */
  Tree gradients(Tree params, int i);
}
