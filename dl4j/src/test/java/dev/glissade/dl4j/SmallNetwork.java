package dev.glissade.dl4j;

import dev.glissade.DType;
import dev.glissade.GradientTransformation;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.updater.MultiLayerUpdater;
import org.deeplearning4j.nn.updater.graph.ComputationGraphUpdater;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Two linear layers that learn the double sum of three numbers, as either kind of network. */
final class SmallNetwork {
  enum Kind {
    LAYERED,
    GRAPH
  }

  private static final int EXAMPLES = 4;

  final Model model;
  private final DataType type;

  SmallNetwork(Kind kind) {
    this(kind, DataType.FLOAT, 4, builder -> builder);
  }

  SmallNetwork(
      Kind kind,
      DataType type,
      int units,
      UnaryOperator<NeuralNetConfiguration.Builder> configured) {
    this.type = type;
    NeuralNetConfiguration.Builder builder =
        configured.apply(
            new NeuralNetConfiguration.Builder()
                .seed(5)
                .dataType(type)
                .updater(new Adam(1e-3))
                .activation(Activation.IDENTITY));
    DenseLayer dense = new DenseLayer.Builder().nIn(3).nOut(units).build();
    OutputLayer out =
        new OutputLayer.Builder(LossFunction.MSE)
            .activation(Activation.IDENTITY)
            .nIn(units)
            .nOut(1)
            .build();
    this.model =
        kind == Kind.LAYERED
            ? new MultiLayerNetwork(builder.list(dense, out).build())
            : new ComputationGraph(
                builder
                    .graphBuilder()
                    .addInputs("in")
                    .addLayer("0", dense, "in")
                    .addLayer("1", out, "0")
                    .setOutputs("1")
                    .build());
    model.init();
  }

  MultiLayerNetwork layered() {
    return (MultiLayerNetwork) model;
  }

  ComputationGraph graph() {
    return (ComputationGraph) model;
  }

  /** Gives the network an updater of DL4J's own, as its users may do. */
  void replaceUpdater() {
    if (model instanceof MultiLayerNetwork layered) {
      layered.setUpdater(new MultiLayerUpdater(layered));
    } else {
      ComputationGraph graph = (ComputationGraph) model;
      graph.setUpdater(new ComputationGraphUpdater(graph));
    }
  }

  GlissadeUpdater attach(GradientTransformation<?> optimizer) {
    return attach(model, optimizer);
  }

  static GlissadeUpdater attach(Model model, GradientTransformation<?> optimizer) {
    return model instanceof MultiLayerNetwork layered
        ? GlissadeUpdater.attach(layered, optimizer)
        : GlissadeUpdater.attach((ComputationGraph) model, optimizer);
  }

  /** One step on the examples of a number. */
  void fit(int number) {
    fit(new DataSet(inputs(number), labels(number)));
  }

  void fit(DataSet data) {
    fit(model, data);
  }

  static void fit(Model model, DataSet data) {
    if (model instanceof MultiLayerNetwork layered) {
      layered.fit(data);
    } else {
      ((ComputationGraph) model).fit(data);
    }
  }

  INDArray inputs(int number) {
    double[] numbers = new double[3 * EXAMPLES];
    Arrays.setAll(numbers, i -> Math.sin(i * (0.7 + number)));
    return Nd4j.createFromArray(numbers).reshape(EXAMPLES, 3).castTo(type);
  }

  INDArray labels(int number) {
    return inputs(number).sum(true, 1).mul(2);
  }

  /** All parameters by name, as they are in memory. */
  Map<String, double[]> params() {
    return params(model);
  }

  static Map<String, double[]> params(Model model) {
    Map<String, double[]> all = new TreeMap<>();
    model.paramTable().forEach((path, array) -> all.put(path, numbers(array)));
    return all;
  }

  static double[] numbers(INDArray array) {
    return array.dup(array.ordering()).data().asDouble();
  }

  /** The parameters as a tree for a stepper of the core. */
  Tree tree(DType dtype) {
    Map<String, INDArray> arrays = new LinkedHashMap<>(model.paramTable());
    return tree(dtype, arrays);
  }

  /** The mean gradients, from the sums of the last pass before DL4J has divided them. */
  Tree meanGradients(DType dtype) {
    Map<String, INDArray> arrays = new LinkedHashMap<>();
    model
        .gradient()
        .gradientForVariable()
        .forEach((path, sum) -> arrays.put(path, sum.div(EXAMPLES).dup(sum.ordering())));
    return tree(dtype, arrays);
  }

  private static Tree tree(DType dtype, Map<String, INDArray> arrays) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    arrays.forEach((path, array) -> tensors.put(path, tensor(dtype, array)));
    return Tree.of(tensors);
  }

  private static Tensor tensor(DType dtype, INDArray array) {
    int[] shape = Arrays.stream(array.shape()).mapToInt(Math::toIntExact).toArray();
    boolean byColumns = array.rank() == 2;
    int[] inMemory = byColumns ? new int[] {shape[1], shape[0]} : shape;
    double[] numbers = array.dup(byColumns ? 'f' : 'c').data().asDouble();
    return Tensor.of(dtype, numbers, inMemory);
  }

  /** Everything DL4J would subtract after the last step. */
  double[] flatGradients() {
    INDArray flat =
        model instanceof MultiLayerNetwork layered
            ? layered.getFlattenedGradients()
            : graph().getFlattenedGradients();
    return flat.dup().data().asDouble();
  }
}
