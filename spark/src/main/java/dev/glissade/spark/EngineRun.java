package dev.glissade.spark;

import dev.glissade.checkpoint.Checkpoint;
import java.io.Closeable;
import org.jspecify.annotations.Nullable;

/** One way to run a training's steps; it may be asked again after a failure. */
interface EngineRun extends Closeable {
  /**
   * Runs the steps from a checkpoint to the end.
   *
   * @param start the checkpoint's file
   * @return the checkpoint after the last step
   * @throws Exception if a task or the job fails
   */
  Checkpoint run(byte[][] start) throws Exception;

  /** Returns a checkpoint of the last step that was taken, if it is on the driver; else null. */
  @Nullable Checkpoint reached();

  @Override
  void close();
}
