package dev.glissade;

/** Gradients of a loss where a transformation asks for them. */
@FunctionalInterface
public interface GradientFunction {

  /**
   * The gradients at some parameters.
   *
   * @param params where; borrowed for the call, to be copied if kept
   * @param i which evaluation of this step it is, from 0: another minibatch may be used for each
   */
  Tree gradients(Tree params, int i);
}
