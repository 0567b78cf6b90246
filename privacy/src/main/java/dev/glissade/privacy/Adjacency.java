package dev.glissade.privacy;

/** Which two sets of examples an epsilon tells apart. */
public enum Adjacency {
  /** One set has one example more. */
  ADD_OR_REMOVE_ONE("add or remove one example");

  private final String words;

  Adjacency(String words) {
    this.words = words;
  }

  @Override
  public String toString() {
    return words;
  }
}
