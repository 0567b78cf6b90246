package dev.glissade.models;

import dev.glissade.DType;
import dev.glissade.Structure;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import dev.glissade.records.Check;
import dev.glissade.withers.Withers;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A multilayer perceptron: dense layers z = x W + b with an activation between them. Without a
 * hidden layer it is a linear model, and the {@link Loss} makes it linear regression, logistic
 * regression or softmax regression.
 *
 * <p>Layer i has the parameters {@code dense<i>/kernel} of shape [in, out] and {@code
 * dense<i>/bias} of shape [out]. The model itself holds no numbers: it describes the layers, and
 * may be shared by threads.
 *
 * @param inputs the number of inputs
 * @param hidden the sizes of the hidden layers, in order; empty for a linear model
 * @param outputs the number of outputs
 * @param activation the function after each hidden layer; {@link Activation#RELU} by default
 * @param dtype the type of parameters and of all arithmetic: float32, the default, or float64
 */
@Withers
public record Mlp(int inputs, List<Integer> hidden, int outputs, Activation activation, DType dtype)
    implements MlpWithers {
  /**
   * Checks the sizes.
   *
   * @throws IllegalArgumentException if a size is not positive, a kernel has 2^31 numbers or more,
   *     or the type is neither float32 nor float64
   */
  public Mlp {
    hidden = List.copyOf(hidden);
    Check.positive("inputs", inputs);
    hidden.forEach(size -> Check.positive("a hidden size", size));
    Check.positive("outputs", outputs);
    Matrices.checkType("dtype", dtype);
    List<Integer> sizes = sizes(inputs, hidden, outputs);
    for (int i = 0; i + 1 < sizes.size(); i++) {
      if ((long) sizes.get(i) * sizes.get(i + 1) > Integer.MAX_VALUE) {
        throw new IllegalArgumentException(
            "a layer must have fewer than 2^31 weights, but had %d x %d"
                .formatted(sizes.get(i), sizes.get(i + 1)));
      }
    }
  }

  /**
   * Returns a model in float32 with {@link Activation#RELU} between its layers.
   *
   * @param sizes the number of inputs, the sizes of the hidden layers, and the number of outputs
   * @return the model
   * @throws IllegalArgumentException if there are fewer than two sizes or one is not positive
   */
  public static Mlp of(int... sizes) {
    if (sizes.length < 2) {
      throw new IllegalArgumentException(
          "sizes must have the number of inputs and of outputs, but had %d numbers"
              .formatted(sizes.length));
    }
    List<Integer> hidden = new ArrayList<>();
    for (int i = 1; i + 1 < sizes.length; i++) {
      hidden.add(sizes[i]);
    }
    return new Mlp(sizes[0], hidden, sizes[sizes.length - 1], Activation.RELU, DType.FLOAT32);
  }

  /**
   * Returns a linear model in float32: y = x W + b.
   *
   * @param inputs the number of inputs
   * @param outputs the number of outputs, such as 1 for regression or the number of classes
   * @return the model
   */
  public static Mlp linear(int inputs, int outputs) {
    return of(inputs, outputs);
  }

  /** {@return the paths, shapes and type of the parameters} */
  public Structure structure() {
    Map<String, Structure.Leaf> leaves = new LinkedHashMap<>();
    List<Integer> sizes = sizes();
    for (int i = 0; i < layers(); i++) {
      leaves.put(kernel(i), Structure.Leaf.of(dtype, sizes.get(i), sizes.get(i + 1)));
      leaves.put(bias(i), Structure.Leaf.of(dtype, sizes.get(i + 1)));
    }
    return Structure.of(leaves);
  }

  /**
   * Returns new parameters. Kernels before {@link Activation#RELU} are normal with variance 2 / in
   * (He et al., 2015, arXiv 1502.01852), the others normal with variance 2 / (in + out) (Glorot and
   * Bengio, 2010); biases are 0. A seed gives the same parameters on every machine.
   *
   * @param seed the seed
   * @return parameters in arrays of their own
   */
  public Tree initialParams(long seed) {
    Normals normals = new Normals(seed);
    Map<String, Tensor> leaves = new LinkedHashMap<>();
    List<Integer> sizes = sizes();
    for (int i = 0; i < layers(); i++) {
      int in = sizes.get(i);
      int out = sizes.get(i + 1);
      boolean he = i + 1 < layers() && activation == Activation.RELU;
      double variance = he ? 2.0 / in : 2.0 / (in + out);
      double[] kernel = normals.draw(in * out, Math.sqrt(variance));
      leaves.put(kernel(i), Tensor.of(dtype, kernel, in, out));
      leaves.put(bias(i), Tensor.of(dtype, new double[out], out));
    }
    return Tree.of(leaves);
  }

  /**
   * Computes the outputs for some inputs.
   *
   * @param params parameters of this model's {@link #structure}
   * @param inputs numbers of this model's type, of shape [examples, inputs]
   * @return the outputs, of shape [examples, outputs]; for a classifier, the logits
   * @throws IllegalArgumentException if params or inputs have another structure, shape or type
   */
  public Tensor outputs(Tree params, Tensor inputs) {
    return Backpropagation.of(this).outputs(params, inputs);
  }

  /** {@return the kind and the sizes, such as "MLP 64-64-10" or "linear model 64-10"} */
  @Override
  public String toString() {
    String sizes = sizes().stream().map(String::valueOf).collect(Collectors.joining("-"));
    return (hidden.isEmpty() ? "linear model " : "MLP ") + sizes;
  }

  /** Returns the number of layers. */
  int layers() {
    return hidden.size() + 1;
  }

  /** Returns the number of inputs, the hidden sizes and the number of outputs. */
  List<Integer> sizes() {
    return sizes(inputs, hidden, outputs);
  }

  private static List<Integer> sizes(int inputs, List<Integer> hidden, int outputs) {
    List<Integer> sizes = new ArrayList<>(hidden);
    sizes.add(0, inputs);
    sizes.add(outputs);
    return sizes;
  }

  static String kernel(int layer) {
    return "dense" + layer + "/kernel";
  }

  static String bias(int layer) {
    return "dense" + layer + "/bias";
  }
}
