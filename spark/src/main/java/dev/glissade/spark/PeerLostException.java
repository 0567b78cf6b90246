package dev.glissade.spark;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Thrown when another task can't be reached any more: mostly not the first cause of a failure. */
final class PeerLostException extends IOException {
  private static final long serialVersionUID = 1;

  PeerLostException(String sentence, @Nullable Throwable cause) {
    super(sentence, cause);
  }

  static PeerLostException of(String peer, IOException e) {
    return e instanceof PeerLostException lost
        ? lost
        : new PeerLostException("the connection to %s broke: %s".formatted(peer, e), e);
  }
}
