package dev.glissade.arena.train;

/** Notices that a line search on all examples has found no lower loss for several steps. */
final class Plateau {
  /** Near the optimum, rounding makes losses that are a little larger or smaller. */
  private static final int MOST_STEPS = 5;

  private State state = new State(Double.POSITIVE_INFINITY, 0);

  /**
   * The losses so far, for checkpoints.
   *
   * @param lowest the lowest loss; infinite before the first
   * @param steps the number of steps since then
   */
  record State(double lowest, int steps) {}

  State state() {
    return state;
  }

  void resume(State earlier) {
    state = earlier;
  }

  /** Takes note of the loss of a step. */
  void add(double loss) {
    state =
        loss < state.lowest() ? new State(loss, 0) : new State(state.lowest(), state.steps() + 1);
  }

  boolean isReached() {
    return state.steps() >= MOST_STEPS;
  }
}
