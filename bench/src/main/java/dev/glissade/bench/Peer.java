package dev.glissade.bench;

import org.jspecify.annotations.Nullable;

/** Another library's optimizer. */
interface Peer {

  /** Returns the name in the table. */
  String name();

  /** Returns its version of our optimizer, on one array of random numbers; null without one. */
  @Nullable Subject subject(String optimizer, int size, int threads);

  /** Returns the same on an array of a shape; null if the library is only compared on vectors. */
  default @Nullable Subject subject(String optimizer, int[] shape, int threads) {
    return shape.length == 1 ? subject(optimizer, shape[0], threads) : null;
  }
}
