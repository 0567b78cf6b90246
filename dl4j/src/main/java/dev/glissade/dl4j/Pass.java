package dev.glissade.dl4j;

import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.updater.BaseMultiLayerUpdater;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The gradients of a backward pass, for one update.
 *
 * @param gradient the gradients, sums over the examples
 * @param iteration DL4J's number of the iteration
 * @param epoch DL4J's number of the epoch
 * @param size the number of examples
 * @param workspaces the workspaces of the training
 * @param own DL4J's update without its updaters: it divides, clips and regularizes in place
 */
record Pass(
    Gradient gradient,
    int iteration,
    int epoch,
    int size,
    LayerWorkspaceMgr workspaces,
    Update own) {

  /** The method {@code update} of DL4J's updaters. */
  @FunctionalInterface
  interface Update {

    /**
     * Processes gradients.
     *
     * @param gradient the gradients, sums over the examples
     * @param iteration DL4J's number of the iteration
     * @param epoch DL4J's number of the epoch
     * @param size the number of examples
     * @param workspaces the workspaces of the training
     */
    void run(Gradient gradient, int iteration, int epoch, int size, LayerWorkspaceMgr workspaces);
  }

  /** {@return the array of all gradients} */
  INDArray flat() {
    return gradient.gradient();
  }

  /** {@return the same pass with other gradients} */
  Pass of(Gradient other) {
    return new Pass(other, iteration, epoch, size, workspaces, own);
  }

  /** Processes the gradients. */
  void process() {
    process(gradient, size);
  }

  /** Processes gradients of another run, which are sums over some examples. */
  void process(Gradient other, int examples) {
    own.run(other, iteration, epoch, examples, workspaces);
  }

  /** Gives the gradients to another updater. */
  void passTo(BaseMultiLayerUpdater<?> updater) {
    updater.update(gradient, iteration, epoch, size, workspaces);
  }
}
