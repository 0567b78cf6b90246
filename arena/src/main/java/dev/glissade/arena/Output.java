package dev.glissade.arena;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Makes sure, before hours of training, that results can be written. */
final class Output {
  private Output() {}

  /** Makes the folder where it is missing. */
  static void checkFolder(@Nullable Path folder) throws IOException {
    if (folder != null) {
      Files.createDirectories(folder);
      requireWritable(folder);
    }
  }

  /** The folder of the file must be there; the file itself may be, to be replaced. */
  static void checkFile(Path file) {
    Path folder = file.toAbsolutePath().getParent();
    if (Files.isDirectory(file) || folder == null) {
      throw new IllegalArgumentException(file + " is a folder, where a file is needed");
    }
    if (!Files.isDirectory(folder)) {
      throw new IllegalArgumentException(folder + ": there is no such folder");
    }
    requireWritable(folder);
  }

  private static void requireWritable(Path folder) {
    if (!Files.isWritable(folder)) {
      throw new IllegalArgumentException(folder + " may not be written to by this user");
    }
  }
}
