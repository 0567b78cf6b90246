package dev.glissade.arena.data;

/** Examples as read, before they are divided and encoded; immutable. */
public sealed interface Examples permits Table, Images {
  /** Returns the name of the file or folder. */
  String name();

  /** Returns the number of examples of all parts. */
  int size();

  /** Returns what there is to predict. */
  Task task();

  /** Returns a description of what was read, with warnings. */
  Reading reading();

  /**
   * Returns the parts, encoded with the statistics of the train part.
   *
   * <p>Data without a test part of its own is divided into 60 % train, 20 % validation and 20 %
   * test; data with one into 80 % train and 20 % validation. Each class is divided alike. The seed
   * determines the parts.
   *
   * @throws DataException if there are fewer than 5 examples
   */
  Split split(long seed);

  /**
   * Returns parts and encodings that do not depend on the examples, as private training requires:
   * the rows are divided at random, pixels p from 0 to 1 become (p - 0.3) / 0.35, columns of tables
   * with bounds are scaled to [-1, 1], and others stay unchanged.
   */
  Split publicSplit(long seed);
}
