package dev.glissade.dl4j;

import dev.glissade.GradientTransformation;
import dev.glissade.arena.data.Dataset;
import dev.glissade.arena.data.Datasets;
import dev.glissade.arena.data.Split;
import dev.glissade.contrib.Contrib;
import dev.glissade.optimizer.Optimizers;
import dev.glissade.schedule.Schedules;
import dev.glissade.transform.Transforms;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.evaluation.classification.Evaluation;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** A small convolutional network that learns the handwritten digits with DL4J's Adam and ours. */
final class Digits {
  private static final int BATCH = 64;
  private static final int CLASSES = 10;
  private static final Split DATA = Datasets.digits().split(0);

  private Digits() {}

  /**
   * Trains with each optimizer and prints the mean test accuracies.
   *
   * @param arguments the numbers of epochs and seeds, by default 10 and 1
   */
  public static void main(String[] arguments) {
    int epochs = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 10;
    int seeds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 1;
    Nd4j.getEnvironment().setMaxMasterThreads(1); // more only wait for each other, busily
    optimizers(epochs)
        .forEach((name, optimizer) ->
            System.out.printf("%-10s %.4f%n", name, accuracy(optimizer, epochs, seeds)));
  }

  /** The mean test accuracy of each after a number of epochs, with seeds from 1 on. */
  static Map<String, Double> accuracies(int epochs, int seeds) {
    Map<String, Double> means = new LinkedHashMap<>();
    optimizers(epochs)
        .forEach((name, optimizer) -> means.put(name, accuracy(optimizer, epochs, seeds)));
    return means;
  }

  private static double accuracy(
      Optional<GradientTransformation<?>> optimizer, int epochs, int seeds) {
    double sum = 0;
    for (int seed = 1; seed <= seeds; seed++) {
      MultiLayerNetwork network = network(seed);
      optimizer.ifPresent(ours -> GlissadeUpdater.attach(network, ours));
      sum += accuracyAfter(network, epochs, seed);
    }
    return sum / seeds;
  }

  /**
   * Optimizers for a number of epochs, as one would write them; DL4J's own is that of the network's
   * configuration. Prodigy ends in small steps, as in its paper.
   */
  private static Map<String, Optional<GradientTransformation<?>>> optimizers(int epochs) {
    int steps = epochs * ((DATA.train().size() + BATCH - 1) / BATCH);
    GradientTransformation<?> adversary =
        Transforms.chain(Contrib.normalize(), Optimizers.sgd(0.05));
    Map<String, Optional<GradientTransformation<?>>> all = new LinkedHashMap<>();
    all.put("DL4J's", Optional.empty());
    all.put("adam", Optional.of(Optimizers.adam(5e-3)));
    all.put(
        "prodigy",
        Optional.of(Contrib.prodigy().learningRate(Schedules.cosineDecaySchedule(1.0, steps))));
    all.put(
        "sam opaque", Optional.of(Contrib.sam(Optimizers.adam(5e-3), adversary).opaqueMode(true)));
    return all;
  }

  static MultiLayerNetwork network(long seed) {
    MultiLayerNetwork network =
        new MultiLayerNetwork(
            new NeuralNetConfiguration.Builder()
                .seed(seed)
                .updater(new Adam(5e-3))
                .list(
                    new ConvolutionLayer.Builder(3, 3)
                        .nOut(8)
                        .stride(2, 2)
                        .activation(Activation.RELU)
                        .build(),
                    new BatchNormalization(),
                    new DenseLayer.Builder().nOut(32).activation(Activation.RELU).build(),
                    new OutputLayer.Builder(LossFunction.MCXENT)
                        .nOut(CLASSES)
                        .activation(Activation.SOFTMAX)
                        .build())
                .setInputType(InputType.convolutionalFlat(8, 8, 1))
                .build());
    network.init();
    return network;
  }

  /** Trains for a number of epochs and returns the test accuracy. */
  static double accuracyAfter(MultiLayerNetwork network, int epochs, int seed) {
    DataSet train = train();
    for (int epoch = 0; epoch < epochs; epoch++) {
      train.shuffle(1000L * seed + epoch);
      train.batchBy(BATCH).forEach(network::fit);
    }
    return accuracy(network);
  }

  static double accuracy(MultiLayerNetwork network) {
    DataSet test = dataSet(DATA.test());
    Evaluation evaluation = new Evaluation(CLASSES);
    evaluation.eval(test.getLabels(), network.output(test.getFeatures()));
    return evaluation.accuracy();
  }

  static DataSet train() {
    return dataSet(DATA.train());
  }

  private static DataSet dataSet(Dataset data) {
    INDArray labels = Nd4j.zeros(data.size(), CLASSES);
    for (int example = 0; example < data.size(); example++) {
      labels.putScalar(example, data.label(example), 1);
    }
    return new DataSet(
        Nd4j.createFromArray(data.inputs()).reshape(data.size(), data.features()), labels);
  }
}
