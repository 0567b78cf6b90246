package dev.glissade.arena.train;

import dev.glissade.arena.data.Dataset;
import dev.glissade.arena.data.Task;
import dev.glissade.arena.text.Text;
import dev.glissade.checkpoint.Checkpoint;
import dev.glissade.checkpoint.CheckpointException;
import dev.glissade.checkpoint.Checkpoints;
import dev.glissade.checkpoint.FolderLock;
import dev.glissade.records.Check;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * When and where a run saves checkpoints, so that it can resume after a kill: at an interval, and
 * when it is asked to stop. If a checkpoint can't be written, the policy reports it, training
 * continues, and the next due step saves again.
 */
public final class CheckpointPolicy implements AutoCloseable {
  private final @Nullable Path folder;
  private final int every;
  private final boolean resumes;
  private final Consumer<String> listener;
  private final @Nullable Checkpoints checkpoints;
  private @Nullable FolderLock lock;
  private final Map<String, String> metadata = new LinkedHashMap<>();
  private volatile boolean stopRequested;
  private long lastSaved = -1;

  private CheckpointPolicy(
      @Nullable Path folder, int every, int most, boolean resumes, Consumer<String> listener) {
    this.folder = folder;
    this.every = every;
    this.resumes = resumes;
    this.listener = listener;
    this.checkpoints =
        folder == null ? null : Checkpoints.in(folder).keep(most).reporting(listener);
  }

  /** Returns a policy that saves no checkpoints. */
  public static CheckpointPolicy none() {
    return new CheckpointPolicy(null, 1, 1, false, sentence -> {});
  }

  /**
   * Returns a policy that saves to a folder and locks it for this run until it is closed.
   *
   * @param every the number of steps between checkpoints; 0 for one at the end of each epoch
   * @param most the number of checkpoints to keep
   * @param resumes whether to resume from the newest checkpoint; if not, the folder must have none
   * @param listener receives messages about failures and findings, a sentence each
   * @throws IOException if the folder can't be created or written to, or another run has locked it
   */
  public static CheckpointPolicy in(
      Path folder, int every, int most, boolean resumes, Consumer<String> listener)
      throws IOException {
    Check.that(every >= 0, "--every must not be negative", every);
    CheckpointPolicy policy = new CheckpointPolicy(folder, every, most, resumes, listener);
    try {
      policy.begin();
    } catch (IOException | RuntimeException e) {
      policy.close();
      throw e;
    }
    return policy;
  }

  private void begin() throws CheckpointException {
    if (checkpoints != null) {
      lock = checkpoints.lock();
      if (!resumes && !checkpoints.files().isEmpty()) {
        throw new IllegalArgumentException(
            "--checkpoint must be a folder without checkpoints, but was "
                + folder
                + ": pass --resume to continue its run");
      }
    }
  }

  /** Unlocks the folder for other runs. */
  @Override
  public void close() {
    if (lock != null) {
      lock.close();
    }
  }

  /** Returns the folder of the checkpoints, or null. */
  @Nullable Path folder() {
    return folder;
  }

  /** Passes a message about this run to the listener. */
  void report(String sentence) {
    listener.accept(sentence);
  }

  /** Sets the metadata that a checkpoint must have in common with this run. */
  void runMetadata(Dataset train, Plan plan, long seed) {
    privateRunMetadata(train, plan, seed);
    metadata("private", "false");
    metadata("non_finite", plan.nonFinite().toString());
    metadata("data_checksum", checksum(train));
    metadata("weights", isWeighted(train) ? "balanced" : "equal");
    metadata("l2", String.valueOf(plan.fit().l2()));
  }

  /**
   * Sets the same for private training, but without the checksum of the data: someone who knows all
   * examples but one could use it to test whether that one was in the data.
   */
  void privateRunMetadata(Dataset train, Plan plan, long seed) {
    metadata("private", "true");
    metadata("model", plan.model(train).toString());
    metadata("activation", plan.fit().activation().toString());
    metadata("loss", plan.fit().loss().toString());
    metadata("epochs", String.valueOf(plan.epochs()));
    metadata("batch", plan.batch() == Plan.ALL ? "all" : String.valueOf(plan.batch()));
    metadata("seed", String.valueOf(seed));
    metadata("data", train.name());
    metadata("examples", String.valueOf(train.size()));
    // In private training the encoding holds only what the user gave.
    metadata("encoding_checksum", checksum(Text.json(train.encoding().plain())));
  }

  /** Sets one more entry that a checkpoint must have in common with this run. */
  void metadata(String name, String value) {
    metadata.put(name, value);
  }

  private static boolean isWeighted(Dataset data) {
    return IntStream.range(0, data.size()).anyMatch(i -> data.weight(i) != 1);
  }

  private static String checksum(String text) {
    CRC32C sum = new CRC32C();
    sum.update(text.getBytes(StandardCharsets.UTF_8));
    return "%08x".formatted(sum.getValue());
  }

  private static String checksum(Dataset data) {
    CRC32C sum = new CRC32C();
    ByteBuffer row = ByteBuffer.allocate(Float.BYTES * (data.features() + 1));
    float[] inputs = new float[data.features()];
    int[] example = new int[1];
    for (int i = 0; i < data.size(); i++) {
      example[0] = i;
      data.inputs(example, 0, 1, inputs);
      row.clear();
      for (float input : inputs) {
        row.putFloat(input);
      }
      boolean classes = data.task() == Task.CLASSES;
      sum.update((classes ? row.putInt(data.label(i)) : row.putFloat(data.value(i))).flip());
    }
    return "%08x".formatted(sum.getValue());
  }

  /**
   * Returns the checkpoint to resume from; null for a new run.
   *
   * @throws IllegalArgumentException if the checkpoint is of a run with other data or options
   */
  @Nullable Checkpoint checkpointToResume() {
    if (checkpoints == null || !resumes) {
      return null;
    }
    try {
      if (checkpoints.files().isEmpty()) {
        listener.accept(folder + " has no checkpoint yet: starting a new run");
        return null;
      }
      Checkpoint newest = checkpoints.newest();
      metadata.forEach((name, value) -> {
        String stored = newest.metadata().get(name);
        if (!value.equals(stored)) {
          throw new IllegalArgumentException(
              "%s must be %s, as in the run of the checkpoints in %s, but was %s"
                  .formatted(name, stored, folder, value));
        }
      });
      lastSaved = newest.step();
      listener.accept("resuming at step " + newest.step());
      return newest;
    } catch (CheckpointException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns whether a checkpoint is due after this step. */
  boolean isDue(long step, boolean epochEnds) {
    return checkpoints != null && (stopRequested || (every == 0 ? epochEnds : step % every == 0));
  }

  /** Saves a checkpoint unless this step is saved already. */
  void save(Checkpoint checkpoint) {
    if (checkpoints == null || checkpoint.step() == lastSaved) {
      return;
    }
    Checkpoint complete = checkpoint;
    for (Map.Entry<String, String> entry : metadata.entrySet()) {
      complete = complete.metadata(entry.getKey(), entry.getValue());
    }
    try {
      checkpoints.save(complete);
      lastSaved = checkpoint.step();
    } catch (CheckpointException e) {
      String last = lastSaved < 0 ? "there is none yet" : "the last one is of step " + lastSaved;
      listener.accept(
          "can't save a checkpoint of step %d (%s): %s"
              .formatted(checkpoint.step(), last, e.getMessage()));
    }
  }

  /** Returns whether this policy saves checkpoints. */
  public boolean isEnabled() {
    return checkpoints != null;
  }

  /**
   * Returns whether the run was asked to stop. It must then save a checkpoint and throw {@link
   * #stoppedException}.
   */
  boolean isStopRequested() {
    return stopRequested;
  }

  /** Returns the exception that ends a run that was asked to stop. */
  RunStoppedException stoppedException() {
    return new RunStoppedException(
        lastSaved < 0
            ? "stopped, but could not save a checkpoint"
            : "stopped at step %d and saved it in %s: pass --resume to continue"
                .formatted(lastSaved, folder));
  }

  /** Asks the run to save a checkpoint and stop; called from another thread. */
  public void requestStop() {
    stopRequested = true;
  }
}
