package dev.glissade.checkpoint;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A lock that reserves a folder for one run until it is closed or its process ends in any way; see
 * {@link Checkpoints#lock}.
 */
public final class FolderLock implements AutoCloseable {
  /** The file to lock. It is never removed, since two runs could then lock two files. */
  static final String NAME = ".glissade-lock";

  /** The folders that this process has locked. */
  private static final Set<Object> HELD = ConcurrentHashMap.newKeySet();

  /**
   * Files that another class loader's copy of this class locked; closing them would unlock them.
   */
  private static final List<FileChannel> OTHERS = new ArrayList<>();

  private final Object key;
  private final @Nullable FileChannel file;

  private FolderLock(Object key, @Nullable FileChannel file) {
    this.key = key;
    this.file = file;
  }

  /** Locks an existing folder. */
  static FolderLock of(Path folder, Consumer<String> listener) throws CheckpointException {
    try {
      Object key = key(folder);
      if (!HELD.add(key)) {
        throw inUse(folder);
      }
      FolderLock lock = null;
      try {
        lock = new FolderLock(key, locked(folder, listener));
        return lock;
      } finally {
        if (lock == null) {
          HELD.remove(key);
        }
      }
    } catch (CheckpointException e) {
      throw e;
    } catch (IOException e) {
      throw CheckpointException.failed(
          folder, "the folder can't be locked: " + AtomicFile.reason(e, folder), e);
    }
  }

  private static CheckpointException inUse(Path folder) {
    return CheckpointException.failed(folder, "the folder is in use by another run", null);
  }

  /** Returns a key that identifies the folder, whatever path leads to it. */
  private static Object key(Path folder) throws IOException {
    Object key = Files.readAttributes(folder, BasicFileAttributes.class).fileKey();
    return key == null ? folder.toRealPath() : key;
  }

  /** Opens and locks the file; returns null where the file system has no locks. */
  private static @Nullable FileChannel locked(Path folder, Consumer<String> listener)
      throws IOException {
    Path path = ReplaceableFile.of(folder.resolve(NAME)).path();
    FileChannel file =
        FileChannel.open(
            path,
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS));
    try {
      FileLock lock = file.tryLock();
      if (lock != null) {
        return file;
      }
    } catch (OverlappingFileLockException e) {
      synchronized (OTHERS) {
        OTHERS.add(file);
      }
      throw inUse(folder);
    } catch (IOException | UnsupportedOperationException e) {
      listener.accept(
          "%s: the folder can't be locked: %s; make sure that no other run uses it"
              .formatted(folder, e.getMessage()));
      file.close();
      return null;
    }
    file.close();
    throw inUse(folder);
  }

  /** Releases the folder, so that other runs can lock it. */
  @Override
  public void close() {
    try {
      if (file != null) {
        file.close();
      }
    } catch (IOException e) {
      // Nothing was written; the lock ends with the process.
    } finally {
      HELD.remove(key);
    }
  }
}
