package dev.glissade.arena.train;

/**
 * Notices that a line search on all examples no longer finds a lower loss: several losses in a row
 * are equal to the last bit.
 */
final class Plateau {
  private static final int MOST_EQUAL = 3;

  private State state = new State(Double.NaN, 0);

  /**
   * The losses so far, for checkpoints.
   *
   * @param loss the last loss; NaN before the first
   * @param equal how many losses before it were equal to it
   */
  record State(double loss, int equal) {}

  State state() {
    return state;
  }

  void resume(State earlier) {
    state = earlier;
  }

  /** Takes note of the loss of a step. */
  void add(double loss) {
    state = new State(loss, loss == state.loss() ? state.equal() + 1 : 0);
  }

  boolean isReached() {
    return state.equal() >= MOST_EQUAL;
  }
}
