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
import org.deeplearning4j.optimize.api.ConvexOptimizer;
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
  public void initialize() {
    network.init();
  }

  @Override
  public BaseMultiLayerUpdater<?> newUpdater(GlissadeUpdater owner) {
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
  public ConvexOptimizer optimizer() {
    return network.getOptimizer();
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
  public INDArray gradients() {
    return network.getFlattenedGradients();
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
  public int examples() {
    return Math.toIntExact(network.getInputs()[0].size(0));
  }

  @Override
  public void eachExample(LayerWorkspaceMgr workspaces, Runnable run) {
    INDArray[] inputs = network.getInputs();
    INDArray[] labels = labels(workspaces);
    try {
      for (int example = 0; example < inputs[0].size(0); example++) {
        network.setInputs(examples(inputs, example));
        network.setLabels(examples(labels, example));
        run.run();
      }
    } finally {
      network.setInputs(inputs);
      network.setLabels(labels);
    }
  }

  /** Returns the labels. Only its output layers tell them, and only during the passes. */
  private INDArray[] labels(LayerWorkspaceMgr workspaces) {
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

  private static INDArray[] examples(INDArray[] all, int example) {
    return Arrays.stream(all).map(each -> example(each, example)).toArray(INDArray[]::new);
  }

  /** Returns a copy of one example of a minibatch, as a minibatch of one. */
  static INDArray example(INDArray all, int example) {
    long[] shape = all.shape().clone(); // all.shape() is its own
    shape[0] = 1;
    return FlatArrays.copy(all.slice(example, 0)).reshape('c', shape);
  }

  @Override
  public void setScore(double score) {
    network.setScore(score);
  }
}
