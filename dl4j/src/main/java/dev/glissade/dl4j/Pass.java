package dev.glissade.dl4j;

import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The gradients of a backward pass, for one update.
 *
 * @param gradient the gradients, sums over the examples
 * @param size the number of examples
 * @param workspaces the workspaces of the training
 * @param processing what DL4J does to gradients before its updaters get them
 */
record Pass(Gradient gradient, int size, LayerWorkspaceMgr workspaces, Processing processing) {

  /** Divides, clips and regularizes gradients in place. */
  @FunctionalInterface
  interface Processing {

    /**
     * Processes gradients.
     *
     * @param gradient the gradients, sums over the examples
     * @param examples the number of examples
     */
    void run(Gradient gradient, int examples);
  }

  /** {@return the array of all gradients} */
  INDArray flat() {
    return gradient.gradient();
  }

  /** Processes the gradients. */
  void process() {
    processing.run(gradient, size);
  }
}
