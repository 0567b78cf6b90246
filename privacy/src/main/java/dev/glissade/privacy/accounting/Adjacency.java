package dev.glissade.privacy.accounting;

/** Which two sets of examples an epsilon tells apart. */
public enum Adjacency {
  /** One set has one example more. */
  ADD_OR_REMOVE_ONE("add or remove one example"),

  /** In one set an example's gradient is zero; the sizes of set and batches are the same. */
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
