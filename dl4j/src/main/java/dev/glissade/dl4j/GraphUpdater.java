package dev.glissade.dl4j;

import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.updater.graph.ComputationGraphUpdater;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The updater that {@link GlissadeUpdater} makes that of a {@code ComputationGraph}. */
@SuppressWarnings("serial") // DL4J never serializes updaters, though their interface says so
final class GraphUpdater extends ComputationGraphUpdater {
  private final transient NetworkSteps owner;

  GraphUpdater(ComputationGraph network, NetworkSteps owner) {
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
}
