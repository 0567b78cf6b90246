package dev.glissade.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/**
 * Replaces a file as a whole: it is written beside, forced to disk and renamed, so that whoever
 * looks sees the old file or the new one, also after a crash. Any number of threads and processes
 * may do so in one folder, and to one name, at a time.
 *
 * <p>The new file has the permissions of the old one, and its owner and group where the system lets
 * them be set. What is no ordinary file (a folder, a symbolic link, a device, a pipe, a socket) is
 * never replaced, nor is a file that this user may not write to.
 */
public final class AtomicFile {
  private AtomicFile() {}

  /** Fills an open file. */
  interface Filling {
    void fill(FileChannel file) throws IOException;
  }

  /**
   * Writes a file with these bytes.
   *
   * @throws CheckpointException if it can't be written, or must not be replaced; the old one is
   *     then as it was
   */
  public static void write(Path file, byte[] bytes) throws CheckpointException {
    write(file, channel -> writeFully(channel, ByteBuffer.wrap(bytes)));
  }

  static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /** Writes a file. An interrupt breaks nothing: what was begun is then written again. */
  static void write(Path file, Filling filling) throws CheckpointException {
    boolean interrupted = Thread.interrupted();
    try {
      Target target = Target.of(file);
      Leftovers.remove(target.folder());
      while (!written(target, filling)) {
        interrupted |= Thread.interrupted();
      }
      forceFolder(target.folder());
    } catch (IOException e) {
      throw failed(file, e);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /**
   * Makes sure that a file of this name can be written, before the work for it is done: looks at
   * what has the name, and makes and removes an empty file beside it.
   *
   * @throws CheckpointException if it can't be written, or must not be replaced
   */
  public static void check(Path file) throws CheckpointException {
    try {
      Target target = Target.of(file);
      Path beside = Leftovers.newName(target.folder());
      try {
        Files.createFile(beside);
      } finally {
        Leftovers.discard(beside);
      }
    } catch (IOException e) {
      throw failed(file, e);
    }
  }

  private static CheckpointException failed(Path file, IOException e) {
    Path folder = file.toAbsolutePath().getParent();
    return CheckpointException.failed(
        file, "can't be written: " + reason(e, folder == null ? file : folder), e);
  }

  /**
   * False if it must be tried again: another writer took the file beside for a leftover before it
   * was locked, or this thread was interrupted.
   */
  private static boolean written(Target target, Filling filling) throws IOException {
    Path beside = Leftovers.newName(target.folder());
    try (FileChannel file = create(beside, target)) {
      if (!isOurs(beside, file, target)) {
        return false;
      }
      filling.fill(file);
      file.force(true);
      // The lock lasts until the file has its name: nobody takes it for a leftover.
      Files.move(
          beside,
          target.path(),
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
      return true;
    } catch (ClosedByInterruptException e) {
      return false;
    } finally {
      Leftovers.discard(beside);
    }
  }

  /**
   * Gives the file beside its rights and locks it. False if another writer took it for a leftover
   * before that and removed it.
   */
  private static boolean isOurs(Path beside, FileChannel file, Target target) throws IOException {
    try {
      target.keepRights(beside);
    } catch (NoSuchFileException e) {
      return false;
    }
    return Leftovers.isLocked(file) && !Files.notExists(beside);
  }

  /** A new file: whatever has the name, a link too, is never opened. */
  private static FileChannel create(Path beside, Target target) throws IOException {
    return FileChannel.open(
        beside,
        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE),
        target.creation());
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
