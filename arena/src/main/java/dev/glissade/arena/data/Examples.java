package dev.glissade.arena.data;

/** Examples as read, before they are split and scaled; immutable. */
public sealed interface Examples permits Table, Images {
  /** Returns the name of the file or folder. */
  String name();

  /** Returns the number of examples, train and test together. */
  int size();

  /** Returns a description of what was read, with warnings. */
  Reading reading();

  /**
   * Returns the train and the test part, both scaled with the statistics of the train part.
   *
   * <p>If the source has no test part of its own, the train part is the first floor(0.75 n)
   * examples of {@link RandomOrder#of RandomOrder.of(n, seed)}, and the test part the rest.
   */
  Split split(long seed);

  /**
   * Returns the same parts with a scaling that does not depend on the examples, as private training
   * requires: pixels p from 0 to 1 become (p - 0.3) / 0.35, columns of tables stay unchanged.
   */
  Split publicSplit(long seed);
}
