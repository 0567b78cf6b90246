package dev.glissade.dl4j;

import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.api.Trainable;
import org.deeplearning4j.nn.conf.BackpropType;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.updater.BaseMultiLayerUpdater;
import org.deeplearning4j.nn.updater.MultiLayerUpdater;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A {@code MultiLayerNetwork}.
 *
 * @param network the network
 */
record LayeredNetwork(MultiLayerNetwork network) implements UpdatedNetwork {
  @Override
  public Model model() {
    return network;
  }

  @Override
  public BaseMultiLayerUpdater<?> newUpdater(NetworkSteps owner) {
    return new LayeredUpdater(network, owner);
  }

  @Override
  public void install(BaseMultiLayerUpdater<?> updater) {
    network.setUpdater((MultiLayerUpdater) updater);
  }

  @Override
  public void installOwn() {
    network.setUpdater(new MultiLayerUpdater(network));
  }

  @Override
  public @Nullable Object updater() {
    return network.getUpdater(false);
  }

  @Override
  public List<Trainable> trainables() {
    return List.of(network.getLayers());
  }

  @Override
  public String name(int i) {
    return String.valueOf(i);
  }

  @Override
  public Object layer(Trainable trainable) {
    return trainable;
  }

  @Override
  public Layer[] layers() {
    return network.getLayers();
  }

  @Override
  public BackpropType backpropType() {
    return network.getLayerWiseConfigurations().getBackpropType();
  }

  @Override
  public boolean hasMinibatch() {
    return network.getInput() != null && network.getLabels() != null;
  }

  @Override
  public boolean hasMasks() {
    return Arrays.stream(layers()).anyMatch(layer -> layer.getMaskArray() != null);
  }

  @Override
  public INDArray[] inputs() {
    return new INDArray[] {network.getInput()};
  }

  @Override
  public INDArray[] labels(LayerWorkspaceMgr workspaces) {
    return new INDArray[] {network.getLabels()};
  }

  @Override
  public void setMinibatch(INDArray[] inputs, INDArray[] labels) {
    network.setInput(inputs[0]);
    network.setLabels(labels[0]);
  }

  @Override
  public void setScore(double score) {
    network.setScore(score);
  }
}
