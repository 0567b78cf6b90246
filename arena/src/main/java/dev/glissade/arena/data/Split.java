package dev.glissade.arena.data;

/**
 * Three parts of the examples, all encoded with the statistics of the train part.
 *
 * @param train the part to train on
 * @param validation the part to choose by; may be looked at as often as needed
 * @param test the part to score once, at the end
 */
public record Split(Dataset train, Dataset validation, Dataset test) {
  /** Returns the split with at most this many examples in each part. */
  public Split first(int n) {
    return new Split(train.first(n), validation.first(n), test.first(n));
  }
}
