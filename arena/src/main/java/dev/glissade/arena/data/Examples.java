package dev.glissade.arena.data;

/** Examples as they were read, before they are split and scaled; immutable. */
public sealed interface Examples permits Table, Images {
  /** The file's or folder's name. */
  String name();

  /** The number of examples, train and test together. */
  int size();

  /** Returns what was read, and what is doubtful about it. */
  Reading reading();

  /**
   * Train and test part, both scaled with the statistics of the train part.
   *
   * <p>Where the source has no test part of its own, the train part is the first floor(0.75 n)
   * examples of {@link RandomOrder#of RandomOrder.of(n, seed)}, and the test part the others.
   */
  Split split(long seed);

  /**
   * Returns the same parts with a scaling that does not depend on the examples, as private training
   * needs it: pixels p from 0 to 1 become (p - 0.3) / 0.35, columns of tables stay unchanged.
   */
  Split publicSplit(long seed);
}
