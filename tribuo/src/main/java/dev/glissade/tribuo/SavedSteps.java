package dev.glissade.tribuo;

import dev.glissade.checkpoint.CheckpointException;
import dev.glissade.checkpoint.Checkpoints;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/**
 * Saves checkpoints of a training. What can't be saved is an error in the log.
 *
 * @param folder where
 * @param every the number of steps between two checkpoints
 */
record SavedSteps(Checkpoints folder, int every) {
  private static final Logger LOG = System.getLogger(GlissadeOptimiser.class.getName());

  static SavedSteps in(Checkpoints folder, int every) {
    return new SavedSteps(folder.reporting(problem -> LOG.log(Level.WARNING, problem)), every);
  }

  /** Saves a checkpoint if enough steps were taken since the last one. */
  void stepped(TribuoRun run) {
    if (run.steps() % every == 0) {
      save(run);
    }
  }

  /** Saves a checkpoint. */
  void save(TribuoRun run) {
    try {
      folder.save(run.checkpoint());
    } catch (CheckpointException e) {
      LOG.log(Level.ERROR, "can't save the optimizer's state: " + e.getMessage());
    }
  }
}
