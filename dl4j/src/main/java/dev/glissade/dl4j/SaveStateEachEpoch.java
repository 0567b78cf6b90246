package dev.glissade.dl4j;

import dev.glissade.checkpoint.CheckpointException;
import dev.glissade.checkpoint.Checkpoints;
import java.nio.file.Path;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Saves the optimizer's state and the trained parameters at the end of each epoch, as DL4J's {@code
 * CheckpointListener} saves the network. Both may use the same folder. If saving fails, this logs
 * an error and the training continues.
 */
public final class SaveStateEachEpoch extends BaseTrainingListener {
  private static final Logger LOG = LoggerFactory.getLogger(SaveStateEachEpoch.class);

  private final GlissadeUpdater updater;
  private final Checkpoints checkpoints;

  /**
   * Creates a listener that keeps the newest 3 checkpoints in a folder.
   *
   * @param updater the updater of the network that gets this listener
   * @param folder the folder, which the first save creates
   */
  public SaveStateEachEpoch(GlissadeUpdater updater, Path folder) {
    this(updater, Checkpoints.in(folder));
  }

  /**
   * Creates a listener that saves to given checkpoints.
   *
   * @param updater the updater of the network that gets this listener
   * @param checkpoints where to save; what they report goes to the log
   */
  public SaveStateEachEpoch(GlissadeUpdater updater, Checkpoints checkpoints) {
    this.updater = updater;
    this.checkpoints = checkpoints.reporting(LOG::warn);
  }

  @Override
  public void onEpochEnd(Model model) {
    try {
      checkpoints.save(updater.checkpoint());
    } catch (CheckpointException e) {
      LOG.error("can't save the optimizer's state", e);
    }
  }
}
