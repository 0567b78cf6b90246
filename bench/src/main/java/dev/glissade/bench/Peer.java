package dev.glissade.bench;

import org.jspecify.annotations.Nullable;

/** Another library's optimizer. */
interface Peer {

  /** Returns the name in the table. */
  String name();

  /** Returns its version of our optimizer, on one array of random numbers; null without one. */
  @Nullable Subject subject(String optimizer, int size, int threads);
}
