package dev.glissade.checkpoint;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import dev.glissade.checkpoint.json.Json;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Thrown when a file can't be read, written or used; the message names the file and says what is
 * wrong and where.
 */
public final class CheckpointException extends IOException {
  private static final long serialVersionUID = 1;

  private enum Kind {
    CORRUPT,
    REFUSED,
    FAILED
  }

  private final Kind kind;

  private CheckpointException(
      @Nullable Path file, String sentence, Kind kind, @Nullable Throwable cause) {
    super((file == null ? "checkpoint" : file) + ": " + sentence, cause);
    this.kind = kind;
  }

  /** Returns an exception for a file whose content breaks a rule. */
  static CheckpointException corrupt(@Nullable Path file, String sentence) {
    return new CheckpointException(file, sentence, Kind.CORRUPT, null);
  }

  /** Returns an exception for a part of a file that is not JSON. */
  static CheckpointException notJson(@Nullable Path file, String part, JsonProcessingException e) {
    JsonLocation at = e.getLocation();
    return corrupt(
        file,
        "%s is not JSON at %s%s"
            .formatted(
                part,
                at == null ? "" : "character %d: ".formatted(at.getCharOffset() + 1),
                HeaderReader.shown(Json.problem(e))));
  }

  /** Returns an exception for an intact file that is not what the caller asked for. */
  static CheckpointException refused(@Nullable Path file, String sentence) {
    return new CheckpointException(file, sentence, Kind.REFUSED, null);
  }

  /** Returns an exception for a file that can't be reached. */
  static CheckpointException failed(
      @Nullable Path file, String sentence, @Nullable Throwable cause) {
    return new CheckpointException(file, sentence, Kind.FAILED, cause);
  }

  /** {@return whether the file is damaged, so that an older one may help} */
  public boolean isCorrupt() {
    return kind == Kind.CORRUPT;
  }

  /** Returns whether the file is intact, but not what the caller asked for. */
  boolean isRefusal() {
    return kind == Kind.REFUSED;
  }
}
