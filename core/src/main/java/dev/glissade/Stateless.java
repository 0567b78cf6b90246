package dev.glissade;

/** A transformation without a state. */
public interface Stateless extends GradientTransformation<Stateless.EmptyState> {

  /** The state of transformations that keep none. */
  record EmptyState() {}

  /**
   * Describes one step: returns the updates, deferred.
   *
   * @param updates the gradients, or the updates of the transformation before this one
   * @param params the parameters at which the gradients were computed
   * @return the updates, to be added to the parameters or passed on
   */
  Tree step(Tree updates, Tree params);

  @Override
  default EmptyState initialState(Tree params) {
    return new EmptyState();
  }

  @Override
  default Step<EmptyState> step(Tree updates, EmptyState state, Tree params, Extras extras) {
    return Step.of(step(updates, params), state);
  }
}
