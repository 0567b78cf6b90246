package dev.glissade.djl;

import ai.djl.training.Trainer;
import ai.djl.training.listener.TrainingListenerAdapter;
import dev.glissade.checkpoint.CheckpointException;
import dev.glissade.checkpoint.Checkpoints;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Saves the optimizer's state and the trained parameters of a {@link GlissadeTrainer} after each
 * epoch, as DJL's {@code SaveModelTrainingListener} does with the model; both may have one folder.
 * Like that it writes to the log what could not be saved, and the training goes on.
 */
public final class SaveStateTrainingListener extends TrainingListenerAdapter {
  private static final Logger LOG = LoggerFactory.getLogger(SaveStateTrainingListener.class);

  private final Checkpoints checkpoints;

  /** A listener that saves to a folder, in which the newest 3 checkpoints are kept. */
  public SaveStateTrainingListener(Path folder) {
    this(Checkpoints.in(folder));
  }

  /** A listener that saves to these checkpoints. */
  public SaveStateTrainingListener(Checkpoints checkpoints) {
    this.checkpoints = checkpoints.reporting(LOG::warn);
  }

  /** Is called when the trainer is made. */
  @Override
  public void onTrainingBegin(Trainer trainer) {
    ours(trainer);
  }

  private static GlissadeTrainer ours(Trainer trainer) {
    if (trainer instanceof GlissadeTrainer ours) {
      return ours;
    }
    throw new IllegalArgumentException(
        "SaveStateTrainingListener must have a GlissadeTrainer, but had "
            + trainer.getClass().getName());
  }

  @Override
  public void onEpoch(Trainer trainer) {
    try {
      checkpoints.save(ours(trainer).checkpoint());
    } catch (CheckpointException e) {
      LOG.error("the optimizer's state is not saved", e);
    }
  }
}
