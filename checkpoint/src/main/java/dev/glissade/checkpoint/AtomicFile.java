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
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Replaces a file atomically. The new content goes to a temporary file in the same folder, which is
 * forced to disk and then renamed: readers see the old file or the new one, even after a crash. Any
 * number of threads and processes may write in one folder, and to one name, at the same time.
 *
 * <p>The new file has the permissions of the old one, and its owner and group where the system lets
 * them be set. Only ordinary files are replaced: never a folder, a symbolic link, a device, a pipe,
 * a socket, or a file that this user may not write to.
 */
public final class AtomicFile {
  private AtomicFile() {}

  /** Fills an open file. */
  interface Filling {
    void fill(FileChannel file) throws IOException;
  }

  /**
   * Writes a file, replacing an old one.
   *
   * @param file the file
   * @param bytes its whole content
   * @throws CheckpointException if the file can't be written or must not be replaced; an old file
   *     then stays unchanged
   */
  public static void write(Path file, byte[] bytes) throws CheckpointException {
    write(file, channel -> writeFully(channel, ByteBuffer.wrap(bytes)));
  }

  static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /** Writes a file. If the thread is interrupted, this writes the temporary file again. */
  static void write(Path file, Filling filling) throws CheckpointException {
    boolean interrupted = Thread.interrupted();
    try {
      ReplaceableFile target = ReplaceableFile.of(file);
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
   * Checks that a file can be written: looks up what has its name now, and creates and removes an
   * empty file in the same folder.
   *
   * @param file the file
   * @throws CheckpointException if the file can't be written or must not be replaced
   */
  public static void check(Path file) throws CheckpointException {
    try {
      ReplaceableFile target = ReplaceableFile.of(file);
      Path temporary = Leftovers.newName(target.folder());
      try {
        Files.createFile(temporary);
      } finally {
        Leftovers.discard(temporary);
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
   * Returns false if the caller must try again: another writer removed the temporary file as a
   * leftover before it was locked, or this thread was interrupted.
   */
  private static boolean written(ReplaceableFile target, Filling filling) throws IOException {
    Path temporary = Leftovers.newName(target.folder());
    try (FileChannel file = create(temporary, target)) {
      if (!isOurs(temporary, file, target)) {
        return false;
      }
      filling.fill(file);
      file.force(true);
      // The lock lasts until the file has its name, so nobody removes it as a leftover.
      Files.move(
          temporary,
          target.path(),
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
      return true;
    } catch (ClosedByInterruptException e) {
      return false;
    } finally {
      Leftovers.discard(temporary);
    }
  }

  /**
   * Gives the temporary file its permissions and locks it. Returns false if another writer removed
   * it as a leftover before that.
   */
  private static boolean isOurs(Path temporary, FileChannel file, ReplaceableFile target)
      throws IOException {
    try {
      target.keepRights(temporary);
    } catch (NoSuchFileException e) {
      return false;
    }
    return Leftovers.isLocked(file) && !Files.notExists(temporary);
  }

  /** Creates a new file. If the name is taken, even by a link, this fails and opens nothing. */
  private static FileChannel create(Path temporary, ReplaceableFile target) throws IOException {
    return FileChannel.open(
        temporary,
        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE),
        target.creation());
  }

  /** Forces the new name to disk, on systems where a folder can be opened. */
  private static void forceFolder(Path folder) {
    boolean interrupted = Thread.interrupted();
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException e) {
      // Windows does not allow this; there the rename itself is durable.
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Describes what went wrong, in the system's words if it has any. */
  static String reason(IOException e, Path folder) {
    if (e instanceof AccessDeniedException) {
      return "no permission in " + folder;
    }
    if (e instanceof FileAlreadyExistsException) {
      return "a file is in the way";
    }
    Path there = existing(folder);
    if (e instanceof FileSystemException && there != null && !Files.isDirectory(there)) {
      return there + " is not a folder";
    }
    if (e instanceof NoSuchFileException) {
      return Files.exists(folder)
          ? "the file system allows no new files in " + folder
          : "there is no folder " + folder;
    }
    if (e instanceof FileSystemException system) {
      // The message alone may be only the name of a temporary file.
      return system.getReason() == null
          ? "the file system refuses it in " + folder
          : system.getReason();
    }
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }

  /** Returns the folder or its nearest parent that exists. */
  private static @Nullable Path existing(Path folder) {
    Path path = folder.toAbsolutePath();
    while (path != null && !Files.exists(path)) {
      path = path.getParent();
    }
    return path;
  }
}
