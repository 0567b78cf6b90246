package dev.glissade.privacy.accounting;

/** Says which two sets of examples are neighbors; an epsilon compares their outcomes. */
public enum Adjacency {
  /** One set has one more example than the other. */
  ADD_OR_REMOVE_ONE("add or remove one example"),

  /** One set has a zero gradient in place of one example's; set and batch sizes are the same. */
  ZERO_OUT_ONE("zero out one example");

  private final String words;

  Adjacency(String words) {
    this.words = words;
  }

  @Override
  public String toString() {
    return words;
  }
}
