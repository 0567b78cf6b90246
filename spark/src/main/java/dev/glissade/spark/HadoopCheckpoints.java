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
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SerializableWritable;
import org.jspecify.annotations.Nullable;

/**
 * A folder of checkpoints on any file system of Hadoop. A checkpoint is written to a temporary name
 * and then renamed; the newest two stay.
 */
final class HadoopCheckpoints implements Serializable {
  private static final long serialVersionUID = 1;
  private static final System.Logger LOG = System.getLogger("dev.glissade.spark");
  private static final Pattern NAME = Pattern.compile("step-(\\d{12})\\.safetensors");
  private static final String TEMPORARY = ".glissade-";
  private static final int KEPT = 2;

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
    Path target = new Path(root(), "step-%012d.safetensors".formatted(checkpoint.step()));
    try {
      try (OutputStream out = files.create(temporary, true)) {
        checkpoint.save(out);
      }
      if (!renamed(files, temporary, target)) {
        throw new IOException(
            "the file system must rename %s to %s, but did not".formatted(temporary, target));
      }
    } finally {
      files.delete(temporary, false);
    }
    removeOld(files);
  }

  /**
   * Renames. A file of this step is of an earlier attempt, whose task may even write it right now,
   * and has the same numbers.
   */
  private static boolean renamed(FileSystem files, Path temporary, Path target) throws IOException {
    if (files.exists(target)) {
      files.delete(target, false);
    }
    return files.rename(temporary, target) || files.exists(target);
  }

  private void removeOld(FileSystem files) {
    try {
      List<FileStatus> all = newestFirst(files);
      for (FileStatus old : all.subList(Math.min(KEPT, all.size()), all.size())) {
        files.delete(old.getPath(), false);
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
   * counts as damaged if there is an older one: a task of an earlier attempt may just remove it.
   */
  @Nullable Stored newest() throws IOException {
    FileSystem files = files();
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
      } catch (IOException e) {
        failure = e instanceof FileNotFoundException ? failure : e;
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
    found.sort(Comparator.comparingLong(HadoopCheckpoints::step).reversed());
    return found;
  }

  private static long step(FileStatus file) {
    Matcher matcher = NAME.matcher(file.getPath().getName());
    return matcher.matches() ? Long.parseLong(matcher.group(1)) : -1;
  }

  private FileStatus[] listed(FileSystem files) throws IOException {
    try {
      return files.listStatus(root());
    } catch (FileNotFoundException e) {
      return new FileStatus[0];
    }
  }
}
