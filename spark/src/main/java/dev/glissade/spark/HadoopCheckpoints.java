package dev.glissade.spark;

import dev.glissade.checkpoint.Checkpoint;
import dev.glissade.checkpoint.CheckpointException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SerializableWritable;
import org.jspecify.annotations.Nullable;

/**
 * A folder of checkpoints on any file system of Hadoop. A checkpoint is written to a temporary name
 * and then renamed; the newest two stay. The name has the step, and a number if an earlier attempt
 * has saved that step already: its file goes only when the new one is complete, so that the folder
 * is never without a checkpoint.
 */
final class HadoopCheckpoints implements Serializable {
  private static final long serialVersionUID = 1;
  private static final System.Logger LOG = System.getLogger("dev.glissade.spark");
  private static final Pattern NAME =
      Pattern.compile("step-(\\d{12})(?:\\.(\\d{1,9}))?\\.safetensors");
  private static final String TEMPORARY = ".glissade-";
  private static final int KEPT = 2;

  /** How often to look for the newest checkpoint while others replace it. */
  private static final int LOOKS = 5;

  private final String folder;
  private final long every;
  private final SerializableWritable<Configuration> configuration;

  /**
   * Takes a folder, which need not exist.
   *
   * @param every the steps from one checkpoint to the next
   */
  HadoopCheckpoints(String folder, long every, Configuration configuration) {
    this.folder = folder;
    this.every = every;
    this.configuration = new SerializableWritable<>(configuration);
  }

  /** A checkpoint and its file. */
  record Stored(Checkpoint checkpoint, Path file) {}

  boolean isDue(long step, long last) {
    return step % every == 0 || step == last;
  }

  private Path root() {
    return new Path(folder);
  }

  private FileSystem files() throws IOException {
    return root().getFileSystem(configuration.value());
  }

  /** Writes a checkpoint under the name of its step, and removes old ones. */
  void save(Checkpoint checkpoint) throws IOException {
    FileSystem files = files();
    files.mkdirs(root());
    Path temporary = new Path(root(), TEMPORARY + UUID.randomUUID());
    try {
      try (OutputStream out = files.create(temporary, true)) {
        checkpoint.save(out);
      }
      rename(files, temporary, checkpoint.step());
    } finally {
      files.delete(temporary, false);
    }
    removeOld(files, checkpoint.step());
  }

  /**
   * Renames to a name of the step that is free. One that is taken is of an earlier attempt, whose
   * task may even write right now.
   */
  private void rename(FileSystem files, Path temporary, long step) throws IOException {
    for (int number = 0; ; number++) {
      Path target =
          new Path(
              root(), "step-%012d%s.safetensors".formatted(step, number == 0 ? "" : "." + number));
      if (!files.exists(target) && renamed(files, temporary, target)) {
        return;
      }
    }
  }

  /** Returns whether a name was still free. */
  private static boolean renamed(FileSystem files, Path temporary, Path target) throws IOException {
    try {
      if (files.rename(temporary, target)) {
        return true;
      }
    } catch (FileAlreadyExistsException e) {
      return false;
    }
    if (!files.exists(target)) {
      throw new IOException(
          "the file system must rename %s to %s, but did not".formatted(temporary, target));
    }
    return false;
  }

  /**
   * Removes all files up to a step that was saved, but for the last one of each of the newest
   * steps. Those of later steps are damaged, or of tasks that still run.
   */
  private void removeOld(FileSystem files, long saved) {
    try {
      int kept = 0;
      long last = Long.MAX_VALUE;
      for (FileStatus file : newestFirst(files)) {
        long step = step(file);
        if (step <= saved && (step == last || kept == KEPT)) {
          files.delete(file.getPath(), false);
        } else if (step <= saved) {
          kept++;
          last = step;
        }
      }
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, "old checkpoints could not be removed: " + e);
    }
  }

  /** Removes what writers that were killed have left. */
  void removeLeftovers() throws IOException {
    FileSystem files = files();
    for (FileStatus file : listed(files)) {
      if (file.getPath().getName().startsWith(TEMPORARY)) {
        files.delete(file.getPath(), false);
      }
    }
  }

  /** Removes them where a failure must not replace a result. */
  void tryRemoveLeftovers() {
    try {
      removeLeftovers();
    } catch (IOException | RuntimeException e) {
      LOG.log(System.Logger.Level.WARNING, "temporary files could not be removed: " + e);
    }
  }

  /**
   * Reads the newest checkpoint that is not damaged; null if there is none. One that can't be read
   * counts as damaged if there is an older one.
   */
  @Nullable Stored newest() throws IOException {
    for (int look = 1; ; look++) {
      try {
        return newest(files());
      } catch (FileNotFoundException e) {
        // A task of an earlier attempt has just removed it, and saved another one.
        if (look == LOOKS) {
          throw e;
        }
      }
    }
  }

  private @Nullable Stored newest(FileSystem files) throws IOException {
    IOException failure = null;
    for (FileStatus file : newestFirst(files)) {
      try (FSDataInputStream in = files.open(file.getPath())) {
        return new Stored(Checkpoint.load(in, file.getLen()), file.getPath());
      } catch (CheckpointException e) {
        boolean unreadable = e.getCause() instanceof IOException;
        if (!e.isCorrupt() && !unreadable) {
          throw new IOException(file.getPath() + ": " + e.getMessage(), e);
        }
        failure = unreadable ? e : failure;
        warn(file, e);
      } catch (FileNotFoundException e) {
        throw e;
      } catch (IOException e) {
        failure = e;
        warn(file, e);
      }
    }
    if (failure != null) {
      throw failure;
    }
    return null;
  }

  private static void warn(FileStatus file, IOException e) {
    LOG.log(
        System.Logger.Level.WARNING,
        "%s is left out: %s".formatted(file.getPath(), e.getMessage()));
  }

  private List<FileStatus> newestFirst(FileSystem files) throws IOException {
    List<FileStatus> found = new ArrayList<>();
    for (FileStatus file : listed(files)) {
      if (NAME.matcher(file.getPath().getName()).matches()) {
        found.add(file);
      }
    }
    found.sort(
        Comparator.comparingLong(HadoopCheckpoints::step)
            .thenComparingLong(HadoopCheckpoints::number)
            .reversed());
    return found;
  }

  private static long step(FileStatus file) {
    return group(file, 1);
  }

  private static long number(FileStatus file) {
    return group(file, 2);
  }

  /** Returns a number in a file's name; 0 if it is not there. */
  private static long group(FileStatus file, int group) {
    Matcher matcher = NAME.matcher(file.getPath().getName());
    String digits = matcher.matches() ? matcher.group(group) : null;
    return digits == null ? 0 : Long.parseLong(digits);
  }

  private FileStatus[] listed(FileSystem files) throws IOException {
    try {
      return files.listStatus(root());
    } catch (FileNotFoundException e) {
      return new FileStatus[0];
    }
  }
}
