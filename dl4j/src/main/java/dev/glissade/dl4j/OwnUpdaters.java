package dev.glissade.dl4j;

import java.util.List;
import org.deeplearning4j.nn.updater.UpdaterBlock;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.NoOpUpdater;
import org.nd4j.linalg.learning.config.NoOp;

/** Takes the configuration's updaters and their state out of an updater of DL4J. */
final class OwnUpdaters {
  private OwnUpdaters() {}

  /**
   * Gives each block an updater that leaves the gradients as they are, so that DL4J divides, clips
   * and regularizes them but does nothing else. The configuration keeps its updaters.
   *
   * @param blocks the blocks, which have their updaters already
   * @param state the updaters' state, which this frees
   * @return the new state, none
   */
  static @Nullable INDArray replaced(List<UpdaterBlock> blocks, @Nullable INDArray state) {
    for (UpdaterBlock block : blocks) {
      block.setGradientUpdater(new NoOpUpdater(new NoOp()));
      block.setUpdaterView(null);
    }
    if (state != null && state.closeable()) {
      state.close();
    }
    return null;
  }
}
