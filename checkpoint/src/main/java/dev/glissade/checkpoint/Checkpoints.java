package dev.glissade.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The checkpoints of one run: files named by their step in a folder, of which the newest few are
 * kept. Other files in the folder are left alone. Immutable; any number of threads and processes
 * may save and read in one folder at a time, and who reads finds a checkpoint as soon as one was
 * saved.
 */
public final class Checkpoints {
  private static final int KEEP = 3;

  /** How often a folder is looked through in which others may be saving. */
  private static final int ROUNDS = 100;

  private static final Pattern NAME = Pattern.compile("checkpoint-(\\d{1,18})\\.safetensors");

  private final Path folder;
  private final int keep;
  private final Consumer<String> listener;

  private Checkpoints(Path folder, int keep, Consumer<String> listener) {
    this.folder = folder;
    this.keep = keep;
    this.listener = listener;
  }

  /** The checkpoints in a folder, of which 3 are kept; it is made when the first is saved. */
  public static Checkpoints in(Path folder) {
    return new Checkpoints(folder, KEEP, sentence -> {});
  }

  /** This, with so many files kept. */
  public Checkpoints keep(int files) {
    if (files < 1) {
      throw new IllegalArgumentException("keep must be at least 1: " + files);
    }
    return new Checkpoints(folder, files, listener);
  }

  /** This, with somebody who is told what was wrong where that does not stop anything. */
  public Checkpoints reporting(Consumer<String> listener) {
    return new Checkpoints(folder, keep, listener);
  }

  /**
   * Locks the folder for one run, so that no other run begins in it: until the lock is closed, or
   * the process ends, even by a kill. Who only reads or saves need not have the lock. The folder is
   * made if it is not there, and it is made sure that a checkpoint can be written in it.
   *
   * @throws CheckpointException if another run, in this process or in another one, has the lock, or
   *     if the folder can't be written to; {@link #reporting} is told if its file system has no
   *     locks
   */
  public FolderLock lock() throws CheckpointException {
    makeFolder();
    AtomicFile.check(file(0));
    return FolderLock.of(folder, listener);
  }

  private void makeFolder() throws CheckpointException {
    try {
      if (!Files.isDirectory(folder)) {
        Files.createDirectories(folder);
      }
    } catch (IOException e) {
      throw CheckpointException.failed(
          folder, "the folder can't be made: " + AtomicFile.reason(e, folder), e);
    }
  }

  private Path file(long step) {
    return folder.resolve(String.format(Locale.ROOT, "checkpoint-%012d.safetensors", step));
  }

  /**
   * Saves a checkpoint under the name of its step, and then removes the oldest of those before it,
   * if there are too many. A folder that is not there is made, also in the midst of a run.
   *
   * @return the file
   * @throws CheckpointException if the file can't be written; nothing is removed then
   */
  public Path save(Checkpoint checkpoint) throws CheckpointException {
    makeFolder();
    Path file = file(checkpoint.step());
    checkpoint.save(file);
    List<Path> older = new ArrayList<>(byStep().headMap(checkpoint.step()).values());
    for (Path old : older.subList(0, Math.max(0, older.size() - keep + 1))) {
      remove(old);
    }
    return file;
  }

  private void remove(Path old) {
    try {
      Files.deleteIfExists(old);
    } catch (IOException e) {
      listener.accept(old + ": can't be removed: " + AtomicFile.reason(e, folder));
    }
  }

  /** The checkpoints' files, the newest step first; none if there is no folder. */
  public List<Path> files() throws CheckpointException {
    List<Path> files = new ArrayList<>(byStep().values());
    Collections.reverse(files);
    return files;
  }

  /** All files; those of an empty list may have been removed since, when newer ones came. */
  private NavigableMap<Long, Path> byStep() throws CheckpointException {
    NavigableMap<Long, Path> files = listed();
    for (int round = 1; files.isEmpty() && round < ROUNDS; round++) {
      files = listed();
    }
    return files;
  }

  private NavigableMap<Long, Path> listed() throws CheckpointException {
    TreeMap<Long, Path> files = new TreeMap<>();
    try {
      for (Path path : Leftovers.files(folder)) {
        Matcher name = NAME.matcher(String.valueOf(path.getFileName()));
        if (name.matches() && (Files.isRegularFile(path) || isGone(path))) {
          files.put(Long.valueOf(name.group(1)), path);
        }
      }
    } catch (NoSuchFileException e) {
      return files;
    } catch (IOException e) {
      throw CheckpointException.failed(
          folder, "the folder can't be read: " + AtomicFile.reason(e, folder), e);
    }
    return files;
  }

  /** Whether the name is nobody's any more: a newer checkpoint is there, and this was removed. */
  private static boolean isGone(Path file) {
    return Files.notExists(file, LinkOption.NOFOLLOW_LINKS);
  }

  /**
   * The newest checkpoint that can be read. If the newest file is damaged the one before is taken,
   * and so on; {@link #reporting} is told.
   *
   * @throws CheckpointException if there is none, or one is of a newer version of the format
   */
  public Checkpoint newest() throws CheckpointException {
    Map<Path, CheckpointException> damaged = new LinkedHashMap<>();
    // While others save and remove, a list may have what is gone and lack what is there.
    for (int round = 0; round < ROUNDS; round++) {
      Checkpoint newest = newest(damaged);
      if (newest != null) {
        return newest;
      }
    }
    for (CheckpointException first : damaged.values()) {
      throw CheckpointException.corrupt(folder, "no checkpoint can be read: " + first.getMessage());
    }
    boolean there = Files.isDirectory(folder);
    throw CheckpointException.failed(
        folder, there ? "there is no checkpoint in the folder" : "there is no such folder", null);
  }

  /**
   * The newest that can be read and is not known to be damaged; null if there is none, or if the
   * list of the files is not true any more.
   */
  private @Nullable Checkpoint newest(Map<Path, CheckpointException> damaged)
      throws CheckpointException {
    for (Path file : listed().descendingMap().values()) {
      if (damaged.containsKey(file)) {
        continue;
      }
      try {
        return Checkpoint.load(file);
      } catch (CheckpointException e) {
        if (e.isRefusal()) {
          throw e;
        }
        if (isGone(file)) {
          return null;
        }
        damaged.put(file, e);
        listener.accept(e.getMessage() + "; going back to the checkpoint before");
      }
    }
    return null;
  }
}
