package dev.glissade.arena;

import dev.glissade.checkpoint.AtomicFile;
import dev.glissade.checkpoint.CheckpointException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Checks before training that results can be written. */
final class Output {
  private Output() {}

  /**
   * Checks that the file's folder exists and that the file is new or an ordinary file to replace.
   */
  static void checkFile(Path file) throws CheckpointException {
    if (file.toString().isEmpty()) {
      throw new IllegalArgumentException("--out must be the name of a file, but was empty");
    }
    Path folder = file.toAbsolutePath().getParent();
    if (Files.isDirectory(file) || folder == null) {
      throw new IllegalArgumentException(file + " must be a file, but was a folder");
    }
    if (Files.exists(folder) && !Files.isDirectory(folder)) {
      throw new IllegalArgumentException(folder + " must be a folder, but was a file");
    }
    if (!Files.isDirectory(folder)) {
      throw new IllegalArgumentException(folder + " must be a folder, but does not exist");
    }
    AtomicFile.check(file);
  }
}
