package dev.glissade.dl4j;

import org.deeplearning4j.nn.api.Updater;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.updater.MultiLayerUpdater;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The updater that {@link GlissadeUpdater} makes that of a {@code MultiLayerNetwork}. */
@SuppressWarnings("serial") // DL4J never serializes updaters, though their interface says so
final class LayeredUpdater extends MultiLayerUpdater {
  private final transient NetworkSteps owner;

  LayeredUpdater(MultiLayerNetwork network, NetworkSteps owner) {
    super(network);
    this.owner = owner;
    updaterStateViewArray = OwnUpdaters.replaced(updaterBlocks, updaterStateViewArray);
  }

  @Override
  public synchronized void update(
      Gradient gradient, int iteration, int epoch, int size, LayerWorkspaceMgr workspaces) {
    owner.update(new Pass(gradient, iteration, epoch, size, workspaces, super::update));
  }

  @Override
  public @Nullable INDArray getStateViewArray() {
    StateCallers.requireKnown();
    return null;
  }

  @Override
  @SuppressWarnings("MissingSuperCall") // there can be no copy
  public Updater clone() {
    throw StateCallers.noCopy("clone");
  }
}
