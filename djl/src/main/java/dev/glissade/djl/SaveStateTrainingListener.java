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
 * epoch, as DJL's {@code SaveModelTrainingListener} saves the model. Both may use the same folder.
 * If saving fails, both log an error and the training continues.
 */
public final class SaveStateTrainingListener extends TrainingListenerAdapter {
  private static final Logger LOG = LoggerFactory.getLogger(SaveStateTrainingListener.class);

  private final Checkpoints checkpoints;

  /**
   * Creates a listener that keeps the newest 3 checkpoints in a folder.
   *
   * @param folder the folder, which the first save creates
   */
  public SaveStateTrainingListener(Path folder) {
    this(Checkpoints.in(folder));
  }

  /**
   * Creates a listener that saves to given checkpoints.
   *
   * @param checkpoints where to save; what they report goes to the log
   */
  public SaveStateTrainingListener(Checkpoints checkpoints) {
    this.checkpoints = checkpoints.reporting(LOG::warn);
  }

  /** {@inheritDoc} DJL calls this when the trainer is created. */
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
      LOG.error("can't save the optimizer's state", e);
    }
  }
}
