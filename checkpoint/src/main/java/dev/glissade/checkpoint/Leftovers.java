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
 * The files that are being written beside those they will replace. Their writer locks them until
 * they have their name; one that nobody has locked was left by a writer that was killed, and the
 * next writer in the folder removes it. Names are random and never used twice, so that a name can
 * be removed by whoever has the lock of its file, even if the file has another name by then.
 */
final class Leftovers {
  private static final String SUFFIX = ".glissade-tmp";

  /**
   * The names that this process is writing to, whatever their folders are called: to open and close
   * those would end their locks.
   */
  private static final Set<String> OWN = ConcurrentHashMap.newKeySet();

  private Leftovers() {}

  /** A name for a file in the folder that this process will write, until it is discarded. */
  static Path newName(Path folder) {
    String name = "." + UUID.randomUUID() + SUFFIX;
    OWN.add(name);
    return folder.resolve(name);
  }

  /** Removes the file if it is still there; its name is not used any more. */
  static void discard(Path beside) {
    removeQuietly(beside);
    OWN.remove(name(beside));
  }

  private static String name(Path path) {
    return String.valueOf(path.getFileName());
  }

  /** Locks a file that this process writes, until it is closed; false if another one has it. */
  static boolean isLocked(FileChannel file) {
    try {
      return file.tryLock() != null;
    } catch (IOException | UnsupportedOperationException e) {
      // Where a file system has no locks, leftovers of killed writers stay: see isLeft.
      return true;
    }
  }

  /** Removes what killed writers left in a folder. */
  static void remove(Path folder) {
    try {
      for (Path path : files(folder)) {
        String name = name(path);
        if (name.startsWith(".") && name.endsWith(SUFFIX) && !OWN.contains(name)) {
          removeIfLeft(path);
        }
      }
    } catch (IOException e) {
      // A folder that can't be listed can be written to nevertheless.
    }
  }

  /** What is in a folder. */
  static List<Path> files(Path folder) throws IOException {
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(folder)) {
      all.forEach(files::add);
    } catch (DirectoryIteratorException e) {
      throw new IOException(e.getMessage(), e);
    }
    return files;
  }

  /** The lock is held while the file is removed, so that no writer begins with it. */
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
      // Another process has it, or it is gone.
    }
  }

  private static void removeQuietly(Path path) {
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      // It is not in the way; the next writer tries again.
    }
  }
}
