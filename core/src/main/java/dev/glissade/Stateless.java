package dev.glissade;

/** A transformation without a state. */
public interface Stateless extends GradientTransformation<Stateless.EmptyState> {

  /** The state of what has none. */
  record EmptyState() {}

  /** The updates, deferred. */
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
