package dev.glissade.dl4j;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.api.Trainable;
import org.deeplearning4j.nn.api.layers.IOutputLayer;
import org.deeplearning4j.nn.conf.BackpropType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.updater.BaseMultiLayerUpdater;
import org.deeplearning4j.nn.updater.graph.ComputationGraphUpdater;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A {@code ComputationGraph}.
 *
 * @param network the network
 */
record GraphNetwork(ComputationGraph network) implements UpdatedNetwork {
  @Override
  public Model model() {
    return network;
  }

  @Override
  public BaseMultiLayerUpdater<?> newUpdater(NetworkSteps owner) {
    return new GraphUpdater(network, owner);
  }

  @Override
  public void install(BaseMultiLayerUpdater<?> updater) {
    network.setUpdater((ComputationGraphUpdater) updater);
  }

  @Override
  public void installOwn() {
    network.setUpdater(new ComputationGraphUpdater(network));
  }

  @Override
  public @Nullable Object updater() {
    return network.getUpdater(false);
  }

  @Override
  public List<Trainable> trainables() {
    List<Trainable> found = new ArrayList<>();
    for (int i : network.topologicalSortOrder()) {
      GraphVertex vertex = network.getVertices()[i];
      if (vertex.numParams() > 0) {
        found.add(vertex);
      }
    }
    return found;
  }

  @Override
  public String name(int i) {
    return ((GraphVertex) trainables().get(i)).getVertexName();
  }

  @Override
  public Object layer(Trainable trainable) {
    GraphVertex vertex = (GraphVertex) trainable;
    return vertex.hasLayer() ? vertex.getLayer() : vertex;
  }

  @Override
  public Layer[] layers() {
    return network.getLayers();
  }

  @Override
  public BackpropType backpropType() {
    return network.getConfiguration().getBackpropType();
  }

  @Override
  public boolean hasMinibatch() {
    INDArray[] inputs = network.getInputs();
    return inputs != null && Arrays.stream(inputs).allMatch(input -> input != null);
  }

  @Override
  public boolean hasMasks() {
    return network.getInputMaskArrays() != null || network.getLabelMaskArrays() != null;
  }

  @Override
  public INDArray[] inputs() {
    return network.getInputs();
  }

  @Override
  public void setMinibatch(INDArray[] inputs, INDArray[] labels) {
    network.setInputs(inputs);
    network.setLabels(labels);
  }

  /** {@inheritDoc} Only the output layers tell them, and only during the passes. */
  @Override
  public INDArray[] labels(LayerWorkspaceMgr workspaces) {
    INDArray[] labels = new INDArray[network.getNumOutputArrays()];
    List<TrainingListener> before = List.copyOf(network.getListeners());
    network.setListeners(
        new BaseTrainingListener() {
          @Override
          public void onBackwardPass(Model model) {
            Arrays.setAll(labels, i -> ((IOutputLayer) network.getOutputLayer(i)).getLabels());
          }
        });
    try {
      network.computeGradientAndScore(workspaces);
    } finally {
      network.setListeners(before);
    }
    return labels;
  }

  @Override
  public void setScore(double score) {
    network.setScore(score);
  }
}
