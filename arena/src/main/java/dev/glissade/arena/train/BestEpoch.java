package dev.glissade.arena.train;

import dev.glissade.Tensor;
import dev.glissade.Tree;

/** Remembers the parameters of the epoch that was best on the validation part. */
final class BestEpoch {
  private State state;

  /**
   * The best epoch so far, for checkpoints.
   *
   * @param epoch its number from 1; 0 before the first
   * @param loss its loss on the validation part
   * @param score its score there
   * @param params the parameters after it
   */
  record State(int epoch, double loss, double score, Tree params) {}

  BestEpoch(Tree params) {
    state = new State(0, Double.NaN, Double.NaN, params.copy());
  }

  State state() {
    return state;
  }

  /** Returns the quality of the best epoch on the validation part. */
  Metrics metrics() {
    return new Metrics(state.loss(), state.score());
  }

  void resume(State earlier) {
    state = earlier;
  }

  /** Takes note of an epoch; returns whether it is the best so far. */
  boolean add(int epoch, Metrics validation, Tree params) {
    if (state.epoch() > 0 && !validation.isBetterThan(metrics())) {
      return false;
    }
    copy(params, state.params());
    state = new State(epoch, validation.loss(), validation.score(), state.params());
    return true;
  }

  /** Overwrites the parameters with those of the best epoch. */
  void restore(Tree params) {
    if (state.epoch() > 0) {
      copy(state.params(), params);
    }
  }

  private static void copy(Tree from, Tree to) {
    from.forEach((path, leaf) -> {
      Tensor target = to.get(path);
      System.arraycopy(leaf.array(), 0, target.array(), 0, leaf.size());
    });
  }
}
