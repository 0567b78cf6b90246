package dev.glissade.dl4j;

import dev.glissade.GradientTransformation;
import dev.glissade.Stepper;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import dev.glissade.optimizer.Optimizers;
import java.util.Arrays;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;

/**
 * What the benchmark times: one step on one parameter, as {@code fit} takes it after the passes,
 * with gradients that are written anew before each.
 */
public final class BenchSubjects {
  private BenchSubjects() {}

  /** Returns a step of DL4J's own; null if it has no such optimizer. */
  public static @Nullable Runnable own(String optimizer, int size) {
    return isKnown(optimizer) ? step(network(optimizer, size, true), size) : null;
  }

  /** Returns a step of ours on the same network. */
  public static @Nullable Runnable ours(String optimizer, int size) {
    if (!isKnown(optimizer)) {
      return null;
    }
    MultiLayerNetwork network = network(optimizer, size, false);
    GradientTransformation<?> ours =
        optimizer.equals("adam") ? Optimizers.adam(1e-3) : Optimizers.adamw(1e-3).weightDecay(0.01);
    GlissadeUpdater.attach(network, ours);
    return step(network, size);
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

  private static Runnable step(MultiLayerNetwork network, int size) {
    INDArray flat = network.getFlattenedGradients();
    Gradient gradient = new DefaultGradient(flat);
    gradient.setGradientFor("0_W", flat);
    INDArray fresh = Nd4j.rand(flat.dataType(), size);
    INDArray vector = flat.reshape(size);
    INDArray params = network.params();
    LayerWorkspaceMgr workspaces = LayerWorkspaceMgr.noWorkspaces();
    int[] iteration = {0};
    return () -> {
      vector.assign(fresh);
      network.getUpdater().update(network, gradient, iteration[0]++, 0, 1, workspaces);
      params.subi(vector);
    };
  }

  /**
   * Prints the least and median times of steps, in milliseconds, and of one on plain arrays.
   *
   * @param arguments the sizes
   */
  public static void main(String[] arguments) {
    for (String argument : arguments) {
      int size = Integer.parseInt(argument);
      for (String optimizer : new String[] {"adam", "adamw"}) {
        System.out.printf(
            "%s %d: own %s, ours %s, arrays %s, writing and subtracting %s%n",
            optimizer,
            size,
            times(own(optimizer, size)),
            times(ours(optimizer, size)),
            times(arrays(optimizer, size)),
            times(around(size)));
      }
    }
  }

  private static Runnable arrays(String optimizer, int size) {
    GradientTransformation<?> ours =
        optimizer.equals("adam") ? Optimizers.adam(1e-3) : Optimizers.adamw(1e-3).weightDecay(0.01);
    var params = Tree.of("w", Tensor.wrap(new float[size], size));
    float[] numbers = new float[size];
    Arrays.fill(numbers, 0.5f);
    var gradients = Tree.of("w", Tensor.wrap(numbers, size));
    var stepper = Stepper.borrowing(ours, params);
    return () -> stepper.step(gradients);
  }

  /** What DL4J does around its updaters: writing gradients, dividing and subtracting them. */
  private static Runnable around(int size) {
    INDArray flat = Nd4j.zeros(size);
    INDArray fresh = Nd4j.rand(size);
    INDArray params = Nd4j.rand(size);
    return () -> {
      flat.assign(fresh);
      flat.divi(1);
      params.subi(flat);
    };
  }

  private static String times(@Nullable Runnable step) {
    if (step == null) {
      return "none";
    }
    long start = System.nanoTime();
    while (System.nanoTime() - start < 3_000_000_000L) {
      step.run(); // until everything is compiled
    }
    double[] times = new double[50];
    for (int i = 0; i < times.length; i++) {
      long begin = System.nanoTime();
      step.run();
      times[i] = (System.nanoTime() - begin) / 1e6;
    }
    Arrays.sort(times);
    return "%.3f / %.3f".formatted(times[0], times[times.length / 2]);
  }
}
