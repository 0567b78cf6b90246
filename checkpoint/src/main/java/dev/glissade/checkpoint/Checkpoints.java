package dev.glissade.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The checkpoints of one run: files named by their step in a folder, of which the newest few are
 * kept. Other files in the folder are left alone. Immutable.
 */
public final class Checkpoints {
  private static final int KEEP = 3;
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
   * Saves a checkpoint under the name of its step, and then removes the oldest of those before it,
   * if there are too many. A folder that is not there is made, also in the midst of a run.
   *
   * @return the file
   * @throws CheckpointException if the file can't be written; nothing is removed then
   */
  public Path save(Checkpoint checkpoint) throws CheckpointException {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw CheckpointException.failed(
          folder, "the folder can't be made: " + AtomicFile.reason(e, folder), e);
    }
    String name = String.format(Locale.ROOT, "checkpoint-%012d.safetensors", checkpoint.step());
    Path file = folder.resolve(name);
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

  private NavigableMap<Long, Path> byStep() throws CheckpointException {
    TreeMap<Long, Path> files = new TreeMap<>();
    try {
      for (Path path : AtomicFile.files(folder)) {
        Matcher name = NAME.matcher(String.valueOf(path.getFileName()));
        if (name.matches() && Files.isRegularFile(path)) {
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

  /**
   * The newest checkpoint that can be read. If the newest file is damaged the one before is taken,
   * and so on; {@link #reporting} is told.
   *
   * @throws CheckpointException if there is none, or one is of a newer version of the format
   */
  public Checkpoint newest() throws CheckpointException {
    String first = null;
    for (Map.Entry<Long, Path> file : byStep().descendingMap().entrySet()) {
      try {
        return Checkpoint.load(file.getValue());
      } catch (CheckpointException e) {
        if (e.isRefusal()) {
          throw e;
        }
        first = first == null ? e.getMessage() : first;
        listener.accept(e.getMessage() + "; going back to the checkpoint before");
      }
    }
    if (first != null) {
      throw CheckpointException.corrupt(folder, "no checkpoint can be read: " + first);
    }
    boolean there = Files.isDirectory(folder);
    throw CheckpointException.failed(
        folder, there ? "there is no checkpoint in the folder" : "there is no such folder", null);
  }
}
