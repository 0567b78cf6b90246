package dev.glissade.checkpoint;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Replaces a file as a whole: it is written beside, forced to disk and renamed, so that whoever
 * looks sees the old file or the new one, also after a crash.
 *
 * <p>The file beside is locked while it is written. One that nobody holds was left by a writer that
 * was killed; the next writer in the folder removes it.
 */
final class AtomicFile {
  private static final String SUFFIX = ".glissade-tmp";

  /** What this process is writing; to lock those again would drop their locks. */
  private static final Set<Path> OWN = ConcurrentHashMap.newKeySet();

  private AtomicFile() {}

  /** Fills an open file. */
  interface Filling {
    void fill(RandomAccessFile file) throws IOException;
  }

  static void write(Path file, Filling filling) throws CheckpointException {
    Path target = file.toAbsolutePath();
    Path folder = target.getParent();
    if (folder == null || Files.isDirectory(target)) {
      throw CheckpointException.failed(file, "can't be written: it is a folder", null);
    }
    try {
      removeLeftovers(folder);
      while (!written(folder, target, filling)) {
        Thread.onSpinWait();
      }
      forceFolder(folder);
    } catch (IOException e) {
      throw CheckpointException.failed(file, "can't be written: " + reason(e, folder), e);
    }
  }

  /** False if another writer took the file beside for a leftover, before it was locked. */
  private static boolean written(Path folder, Path target, Filling filling) throws IOException {
    Path temporary = folder.resolve("." + target.getFileName() + "." + UUID.randomUUID() + SUFFIX);
    OWN.add(temporary);
    try {
      Files.createFile(temporary);
      try (RandomAccessFile file = new RandomAccessFile(temporary.toFile(), "rw")) {
        if (!isLocked(file) || !Files.exists(temporary)) {
          return false;
        }
        filling.fill(file);
        file.getFD().sync();
      }
      Files.move(
          temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      return true;
    } finally {
      removeQuietly(temporary);
      OWN.remove(temporary);
    }
  }

  private static boolean isLocked(RandomAccessFile file) {
    try {
      return file.getChannel().tryLock() != null;
    } catch (IOException e) {
      // Where a file system has no locks, leftovers of killed writers stay: see isLeft.
      return true;
    }
  }

  private static void removeLeftovers(Path folder) throws IOException {
    for (Path path : files(folder)) {
      String name = String.valueOf(path.getFileName());
      boolean temporary = name.startsWith(".") && name.endsWith(SUFFIX);
      if (temporary && !OWN.contains(path) && isLeft(path)) {
        removeQuietly(path);
      }
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

  private static boolean isLeft(Path path) {
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw");
        FileLock lock = file.getChannel().tryLock()) {
      return lock != null;
    } catch (IOException | RuntimeException e) {
      return false;
    }
  }

  private static void removeQuietly(Path path) {
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      // It is not in the way; the next writer tries again.
    }
  }

  /** Makes the new name last, where the system lets a folder be opened for that. */
  private static void forceFolder(Path folder) {
    boolean interrupted = Thread.interrupted();
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException e) {
      // Windows does not; there the rename itself lasts.
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** What went wrong, in words; the system's own where it has any. */
  static String reason(IOException e, Path folder) {
    if (e instanceof NoSuchFileException && !Files.exists(folder)) {
      return "there is no folder " + folder;
    }
    if (e instanceof NotDirectoryException) {
      return folder + " is no folder";
    }
    if (e instanceof FileAlreadyExistsException) {
      return "a file is in the way";
    }
    if (e instanceof AccessDeniedException) {
      return "no permission in " + folder;
    }
    if (e instanceof FileSystemException system && system.getReason() != null) {
      return system.getReason();
    }
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }
}
