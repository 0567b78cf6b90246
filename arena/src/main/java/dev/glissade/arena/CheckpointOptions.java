package dev.glissade.arena;

import dev.glissade.arena.train.CheckpointPolicy;
import dev.glissade.records.Check;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options for checkpoints. */
final class CheckpointOptions {
  @Option(
      names = "--checkpoint",
      paramLabel = "DIR",
      description = "Saves checkpoints in this folder, also if the run is terminated by a signal.")
  private @Nullable Path folder;

  @Option(
      names = "--every",
      paramLabel = "N",
      description = "With --checkpoint: saves after every N steps. Default: after each epoch.")
  private @Nullable Integer every;

  @Option(
      names = "--keep",
      paramLabel = "N",
      defaultValue = "3",
      description = "With --checkpoint: keeps the N newest. Default: ${DEFAULT-VALUE}.")
  private int most = 3;

  @Option(
      names = "--resume",
      description = "With --checkpoint: resumes from the newest readable checkpoint.")
  private boolean resumes;

  CheckpointOptions() {}

  boolean resumes() {
    return resumes;
  }

  /** Returns whether anything is saved. */
  boolean isGiven() {
    return folder != null;
  }

  /** Refuses wrong values, and options that would do nothing. */
  void check() {
    if (folder == null) {
      Check.that(every == null, "--every must be given with --checkpoint", every + " alone");
      if (resumes) {
        throw new IllegalArgumentException(
            "--resume must be given with --checkpoint, but was given alone");
      }
    }
    if (every != null) {
      Check.atLeast("--every", 1, every);
    }
    Check.atLeast("--keep", 1, most);
  }

  CheckpointPolicy policy(Consumer<String> listener) throws IOException {
    return folder == null
        ? CheckpointPolicy.none()
        : CheckpointPolicy.in(folder, every == null ? 0 : every, most, resumes, listener);
  }
}
