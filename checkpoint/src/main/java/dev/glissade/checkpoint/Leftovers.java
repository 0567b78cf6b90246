package dev.glissade.checkpoint;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The temporary files that will replace others. A writer locks its file until the file has its
 * final name. A file without a lock was left by a killed writer, and the next writer in the folder
 * removes it. Names are random and never reused, so the holder of a file's lock may remove its
 * temporary name, even if the file has been renamed since.
 */
final class Leftovers {
  private static final String SUFFIX = ".glissade-tmp";

  /**
   * The names that this process is writing to, in any folder. Opening and closing one of these
   * files would release its lock.
   */
  private static final Set<String> OWN = ConcurrentHashMap.newKeySet();

  private Leftovers() {}

  /** Returns a name in the folder for this process to write to until it is discarded. */
  static Path newName(Path folder) {
    String name = "." + UUID.randomUUID() + SUFFIX;
    OWN.add(name);
    return folder.resolve(name);
  }

  /** Removes the file if it still exists, and forgets its name. */
  static void discard(Path temporary) {
    removeQuietly(temporary);
    OWN.remove(name(temporary));
  }

  private static String name(Path path) {
    return String.valueOf(path.getFileName());
  }

  /** Locks a file until it is closed; returns false if another process has the lock. */
  static boolean isLocked(FileChannel file) {
    try {
      return file.tryLock() != null;
    } catch (IOException | UnsupportedOperationException e) {
      // If the file system has no locks, the leftovers of killed writers stay.
      return true;
    }
  }

  /** Removes the files that killed writers left in a folder. */
  static void remove(Path folder) {
    try {
      for (Path path : files(folder)) {
        String name = name(path);
        if (name.startsWith(".") && name.endsWith(SUFFIX) && !OWN.contains(name)) {
          removeIfLeft(path);
        }
      }
    } catch (IOException e) {
      // A folder that can't be listed may still be writable.
    }
  }

  /** Lists a folder. */
  static List<Path> files(Path folder) throws IOException {
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(folder)) {
      all.forEach(files::add);
    } catch (DirectoryIteratorException e) {
      throw new IOException(e.getMessage(), e);
    }
    return files;
  }

  /** Removes a file while holding its lock, so that no writer starts on it in the meantime. */
  private static void removeIfLeft(Path path) {
    if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try (FileChannel file =
            FileChannel.open(path, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
        FileLock lock = file.tryLock()) {
      if (lock != null) {
        removeQuietly(path);
      }
    } catch (IOException | RuntimeException e) {
      // Another process has locked or removed it.
    }
  }

  private static void removeQuietly(Path path) {
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      // The file does no harm; the next writer tries again.
    }
  }
}
