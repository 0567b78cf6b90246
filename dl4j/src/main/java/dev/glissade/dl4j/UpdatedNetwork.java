package dev.glissade.dl4j;

import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.api.Trainable;
import org.deeplearning4j.nn.conf.BackpropType;
import org.deeplearning4j.nn.updater.BaseMultiLayerUpdater;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.deeplearning4j.optimize.api.ConvexOptimizer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What both kinds of networks have and no interface of DL4J names. */
interface UpdatedNetwork {

  /** {@return the network} */
  Model model();

  /** Initializes the parameters, unless that has been done. */
  default void initialize() {
    model().init();
  }

  /**
   * Returns a new updater of ours for the network's present layers.
   *
   * @param owner what the updater calls
   * @return the updater
   */
  BaseMultiLayerUpdater<?> newUpdater(NetworkSteps owner);

  /**
   * Makes an updater the network's.
   *
   * @param updater what {@link #newUpdater} returned
   */
  void install(BaseMultiLayerUpdater<?> updater);

  /** Makes DL4J's own updater of the configuration the network's. */
  void installOwn();

  /** {@return the network's present updater; null if it has none} */
  @Nullable Object updater();

  /** {@return what calls the updater} */
  default ConvexOptimizer optimizer() {
    return model().getOptimizer();
  }

  /** {@return what holds parameters, in the order of the flat arrays} */
  List<Trainable> trainables();

  /**
   * Returns the name of a layer in the names of its parameters.
   *
   * @param i its place in {@link #trainables}
   * @return the name
   */
  String name(int i);

  /**
   * Returns the layer, which changes when it is frozen.
   *
   * @param trainable one of {@link #trainables}
   * @return the layer, or the vertex if it has none
   */
  Object layer(Trainable trainable);

  /** {@return all layers} */
  Layer[] layers();

  /** {@return how the gradients go back in time} */
  BackpropType backpropType();

  /** {@return the flat array of the gradients} */
  default INDArray gradients() {
    return model().getGradientsViewArray();
  }

  /** {@return whether a minibatch is there, as in fit} */
  boolean hasMinibatch();

  /** {@return whether the minibatch has masks} */
  boolean hasMasks();

  /** {@return the inputs of the minibatch} */
  INDArray[] inputs();

  /**
   * Returns the labels of the minibatch.
   *
   * @param workspaces the workspaces of the training
   * @return the labels
   */
  INDArray[] labels(LayerWorkspaceMgr workspaces);

  /**
   * Sets the minibatch.
   *
   * @param inputs the inputs
   * @param labels the labels
   */
  void setMinibatch(INDArray[] inputs, INDArray[] labels);

  /** {@return the number of examples of the minibatch} */
  default int examples() {
    return Math.toIntExact(inputs()[0].size(0));
  }

  /**
   * Runs something with each example as the minibatch, in their order.
   *
   * @param workspaces the workspaces of the training
   * @param run what to run
   */
  default void eachExample(LayerWorkspaceMgr workspaces, Runnable run) {
    INDArray[] inputs = inputs();
    INDArray[] labels = labels(workspaces);
    int count = examples();
    try {
      for (int example = 0; example < count; example++) {
        setMinibatch(examples(inputs, example), examples(labels, example));
        run.run();
      }
    } finally {
      setMinibatch(inputs, labels);
    }
  }

  private static INDArray[] examples(INDArray[] all, int example) {
    return Arrays.stream(all).map(each -> example(each, example)).toArray(INDArray[]::new);
  }

  /** Returns a copy of one example of a minibatch, as a minibatch of one. */
  private static INDArray example(INDArray all, int example) {
    long[] shape = all.shape().clone(); // all.shape() is its own
    shape[0] = 1;
    return FlatArrays.copy(all.slice(example, 0)).reshape('c', shape);
  }

  /**
   * Sets the score that listeners read.
   *
   * @param score the score
   */
  void setScore(double score);
}
