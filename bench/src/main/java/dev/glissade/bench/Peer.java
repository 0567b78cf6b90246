package dev.glissade.bench;

import org.jspecify.annotations.Nullable;

/** Another library's optimizer. */
interface Peer {

  /** Who it is, as the table says it. */
  String name();

  /** Its like of one of our optimizers, on one array of random numbers; null if it has none. */
  @Nullable Subject subject(String optimizer, int size, int threads);
}
