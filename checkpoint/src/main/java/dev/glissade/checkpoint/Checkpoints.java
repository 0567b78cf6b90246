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
 * The checkpoints of one run: files in a folder, named after their steps; it keeps the newest few.
 * It leaves other files in the folder alone. Immutable. Any number of threads and processes may
 * save and read in one folder at the same time; once a checkpoint has been saved, a reader always
 * finds one.
 */
public final class Checkpoints {
  private static final int KEEP = 3;

  /** How often to list a folder at most, since others may be saving in it. */
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

  /**
   * Returns the checkpoints in a folder, keeping 3.
   *
   * @param folder the folder, which the first save creates
   * @return the checkpoints
   */
  public static Checkpoints in(Path folder) {
    return new Checkpoints(folder, KEEP, sentence -> {});
  }

  /**
   * Returns these checkpoints, keeping another number of files.
   *
   * @param files how many files to keep, at least 1
   * @return the changed checkpoints
   */
  public Checkpoints keep(int files) {
    if (files < 1) {
      throw new IllegalArgumentException("keep must be at least 1, but was " + files);
    }
    return new Checkpoints(folder, files, listener);
  }

  /**
   * Returns these checkpoints, reporting problems that are not errors to a listener.
   *
   * @param listener receives a sentence for each problem
   * @return the changed checkpoints
   */
  public Checkpoints reporting(Consumer<String> listener) {
    return new Checkpoints(folder, keep, listener);
  }

  /**
   * Locks the folder for one run: no other run can lock it until the lock is closed or the process
   * ends, even by a kill. Reading and saving need no lock. Creates the folder if it does not exist,
   * and checks that a checkpoint can be written in it. If the file system has no locks, this tells
   * the listener of {@link #reporting} and locks only within this process.
   *
   * @return the lock
   * @throws CheckpointException if another run has the lock, in this process or another one, or if
   *     the folder can't be written to
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
          folder, "the folder can't be created: " + AtomicFile.reason(e, folder), e);
    }
  }

  private Path file(long step) {
    return folder.resolve(String.format(Locale.ROOT, "checkpoint-%012d.safetensors", step));
  }

  /**
   * Saves a checkpoint under the name of its step, and then removes the oldest earlier ones beyond
   * the number to keep. Creates the folder if it does not exist, even in the middle of a run.
   *
   * @param checkpoint the checkpoint
   * @return the file
   * @throws CheckpointException if the file can't be written; this then removes nothing
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
      listener.accept(old + ": can't remove this old checkpoint: " + AtomicFile.reason(e, folder));
    }
  }

  /**
   * Lists the checkpoints' files.
   *
   * @return the files, the newest step first; empty if the folder does not exist
   * @throws CheckpointException if the folder can't be read
   */
  public List<Path> files() throws CheckpointException {
    List<Path> files = new ArrayList<>(byStep().values());
    Collections.reverse(files);
    return files;
  }

  /**
   * Lists the files by step. Lists again while it finds none, since others may remove files and
   * save newer ones during one listing.
   */
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

  /** Returns whether a listed file no longer exists, because a newer checkpoint replaced it. */
  private static boolean isGone(Path file) {
    return Files.notExists(file, LinkOption.NOFOLLOW_LINKS);
  }

  /**
   * Loads the newest checkpoint that can be read. Skips damaged files and reports them to the
   * listener of {@link #reporting}.
   *
   * @return the checkpoint
   * @throws CheckpointException if no checkpoint can be read, or if one has a newer version of the
   *     format
   */
  public Checkpoint newest() throws CheckpointException {
    Map<Path, CheckpointException> damaged = new LinkedHashMap<>();
    // A list may be out of date while others save and remove files.
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
   * Loads the newest checkpoint that can be read, and adds unreadable files to the damaged ones.
   * Returns null if no file can be read, or if the list of files is out of date.
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
        listener.accept(e.getMessage() + "; going back to the previous checkpoint");
      }
    }
    return null;
  }
}
