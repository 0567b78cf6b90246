package dev.glissade.arena;

import dev.glissade.checkpoint.AtomicFile;
import dev.glissade.checkpoint.CheckpointException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Makes sure, before hours of training, that results can be written. */
final class Output {
  private Output() {}

  /**
   * The folder of the file must be there; the file itself may be, to be replaced, if it is an
   * ordinary one.
   */
  static void checkFile(Path file) throws CheckpointException {
    if (file.toString().isEmpty()) {
      throw new IllegalArgumentException("the name of a file to write must not be empty");
    }
    Path folder = file.toAbsolutePath().getParent();
    if (Files.isDirectory(file) || folder == null) {
      throw new IllegalArgumentException(file + " is a folder, where a file is needed");
    }
    if (Files.exists(folder) && !Files.isDirectory(folder)) {
      throw new IllegalArgumentException(folder + " is a file, where a folder is needed");
    }
    if (!Files.isDirectory(folder)) {
      throw new IllegalArgumentException(folder + ": there is no such folder");
    }
    AtomicFile.check(file);
  }
}
