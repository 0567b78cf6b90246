package dev.glissade;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Admits one caller at a time, and refuses others instead of letting them wait. */
final class InUse {
  private final AtomicReference<@Nullable Thread> user = new AtomicReference<>();

  /**
   * Admits the caller, until {@link #leave}.
   *
   * @param what the method that is called, for the message
   * @throws IllegalStateException if another caller, or this one, is inside
   */
  void enter(String what) {
    Thread caller = Thread.currentThread();
    if (!user.compareAndSet(null, caller)) {
      throw refused(what, caller);
    }
  }

  void leave() {
    user.setRelease(null);
  }

  @SuppressWarnings("ReferenceEquality") // a thread is itself
  private IllegalStateException refused(String what, Thread caller) {
    Thread other = user.get();
    if (other == caller) {
      return new IllegalStateException(
          what + " of a stepper must not be called from inside its own step or updateState");
    }
    return new IllegalStateException(
        "%s of a stepper must not be called while another thread uses it: %s"
            .formatted(
                what, other == null ? "the other thread has just finished" : other.getName()));
  }
}
