package dev.glissade.arena.train;

import java.util.concurrent.CompletableFuture;

/** Asks a comparison or a sweep to stop early and keep what is complete. */
public final class StopSignal {
  private final CompletableFuture<Void> requested = new CompletableFuture<>();

  /** Makes a signal that nobody has given yet. */
  public StopSignal() {}

  /** Asks to stop; called from any thread. */
  public void request() {
    requested.complete(null);
  }

  /** Returns whether somebody asked to stop. */
  public boolean isRequested() {
    return requested.isDone();
  }

  /** Waits until the result is there or somebody asks to stop. */
  void await(CompletableFuture<?> result) {
    CompletableFuture.anyOf(result, requested).join();
  }
}
