package dev.glissade;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Lets in one caller at a time, and refuses the others instead of letting them wait. */
final class InUse {
  private final AtomicReference<@Nullable Thread> user = new AtomicReference<>();

  /**
   * Comes in, to {@link #leave} in the end.
   *
   * @param what the method, for the sentence
   * @throws IllegalStateException if somebody is in
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
          what + " of a stepper must not be called from inside of one of its own steps or changes");
    }
    return new IllegalStateException(
        "%s of a stepper must not be called while another thread uses it: %s"
            .formatted(what, other == null ? "it has just left" : other.getName()));
  }
}
