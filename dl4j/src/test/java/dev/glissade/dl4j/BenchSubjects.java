package dev.glissade.dl4j;

import dev.glissade.GradientTransformation;
import dev.glissade.host.bench.StepServer;
import dev.glissade.host.bench.StepServer.Steps;
import java.io.IOException;
import java.util.Map;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;

/**
 * Steps of Deeplearning4j's updaters and of ours, for {@code bench --peers}: a step on one
 * parameter as {@code fit} takes it after the passes, with gradients that are newly written before
 * each.
 */
final class BenchSubjects {
  private BenchSubjects() {}

  public static void main(String[] arguments) throws IOException {
    StepServer.serve(Map.of("dl4j", BenchSubjects::own, "glissade, dl4j", BenchSubjects::ours));
  }

  /** Returns steps of DL4J's own; null if it has no such optimizer. */
  static Steps own(String optimizer, int size, int threads) {
    return isKnown(optimizer) ? steps(network(optimizer, size, true), size, threads) : null;
  }

  /** Returns steps of ours on the same network; null for an optimizer that the server lacks. */
  static Steps ours(String name, int size, int threads) {
    GradientTransformation<?> optimizer = StepServer.optimizer(name);
    if (optimizer == null) {
      return null;
    }
    MultiLayerNetwork network = network(name, size, false);
    GlissadeUpdater.attach(network, optimizer).threads(threads);
    return steps(network, size, threads);
  }

  /** DL4J's AdamW is its Adam with weight decay. */
  private static boolean isKnown(String optimizer) {
    return optimizer.equals("adam") || optimizer.equals("adamw");
  }

  private static MultiLayerNetwork network(String optimizer, int size, boolean own) {
    int outputs = Math.min(size, 1000);
    NeuralNetConfiguration.Builder builder =
        new NeuralNetConfiguration.Builder().seed(1).updater(new Adam(1e-3));
    if (own && optimizer.equals("adamw")) {
      builder.weightDecay(0.01, true);
    }
    MultiLayerNetwork network =
        new MultiLayerNetwork(
            builder
                .list(
                    new DenseLayer.Builder()
                        .nIn(size / outputs)
                        .nOut(outputs)
                        .hasBias(false)
                        .build())
                .build());
    network.init();
    network.initGradientsView();
    return network;
  }

  private static Steps steps(MultiLayerNetwork network, int size, int threads) {
    Nd4j.getEnvironment().setMaxThreads(threads);
    Nd4j.getEnvironment().setMaxMasterThreads(threads);
    INDArray flat = network.getFlattenedGradients();
    Gradient gradient = new DefaultGradient(flat);
    gradient.setGradientFor("0_W", flat);
    INDArray fresh = Nd4j.createFromArray(StepServer.random(size, 2));
    INDArray vector = flat.reshape(size);
    INDArray params = network.params();
    LayerWorkspaceMgr workspaces = LayerWorkspaceMgr.noWorkspaces();
    int[] iteration = {0};
    return StepServer.fresh(
        () -> vector.assign(fresh),
        () -> {
          network.getUpdater().update(network, gradient, iteration[0]++, 0, 1, workspaces);
          params.subi(vector);
        },
        network::close);
  }
}
