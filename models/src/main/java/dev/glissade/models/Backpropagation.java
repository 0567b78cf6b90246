package dev.glissade.models;

import dev.glissade.Structure;
import dev.glissade.Tensor;
import dev.glissade.Tree;
import dev.glissade.matrix.MatrixProduct;
import dev.glissade.matrix.ProductShape;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs a model forward and backward. It keeps its workspaces for the next batch, so each thread
 * needs its own.
 *
 * @param <A> float[] or double[]
 */
final class Backpropagation<A> {
  private final Mlp model;
  private final DenseMath<A> math;
  private final Structure structure;
  private final int layers;
  private final int[] sizes;
  private MatrixProduct product = MatrixProduct.best();
  private double l2;

  /** activations.get(i) is the result of layer i; the last is the outputs, then their gradient. */
  private final List<A> activations = new ArrayList<>();

  /** gradients.get(i) is the gradient of the result of layer i. */
  private final List<A> gradients = new ArrayList<>();

  private int room;

  private Backpropagation(Mlp model, DenseMath<A> math) {
    this.model = model;
    this.math = math;
    this.structure = model.structure();
    this.layers = model.layers();
    this.sizes = model.sizes().stream().mapToInt(size -> size).toArray();
    reserve(0);
  }

  static Backpropagation<?> of(Mlp model) {
    return new Backpropagation<>(model, DenseMath.of(model.dtype()));
  }

  void sequential() {
    product = product.sequential();
  }

  void l2(double factor) {
    l2 = factor;
  }

  private void reserve(int examples) {
    if (room >= examples && !activations.isEmpty()) {
      return;
    }
    room = examples;
    activations.clear();
    gradients.clear();
    for (int i = 0; i < layers; i++) {
      int size = Math.multiplyExact(examples, sizes[i + 1]);
      activations.add(math.allocate(size));
      gradients.add(math.allocate(i + 1 < layers ? size : 0));
    }
  }

  /** Returns the outputs of shape [examples, outputs], in an array of their own. */
  Tensor outputs(Tree params, Tensor inputs) {
    Matrices.checkMatrix("inputs", inputs);
    forward(params, inputs);
    int examples = inputs.shape()[0];
    A last = activations.get(layers - 1);
    A copy = math.allocate(examples * model.outputs());
    System.arraycopy(last, 0, copy, 0, examples * model.outputs());
    return math.wrap(copy, examples, model.outputs());
  }

  /** Returns the mean loss. */
  double loss(Tree params, Batch batch, Loss loss) {
    forward(params, batch.inputs());
    return losses(batch, loss, 0) + penalty(params);
  }

  /** Returns the factor of the penalty times the sum of the squares of all kernels. */
  private double penalty(Tree params) {
    double sum = 0;
    for (int i = 0; i < layers && l2 > 0; i++) {
      sum += math.squares(math.array(params.get(Mlp.kernel(i))));
    }
    return l2 * sum;
  }

  /**
   * Computes the gradients of the mean loss, or of each example's loss.
   *
   * @param target receives the gradients; has a leading axis of examples for those of each example
   * @return the mean loss
   */
  double gradients(Tree params, Batch batch, Loss loss, Tree target, boolean perExample) {
    forward(params, batch.inputs());
    int examples = batch.size();
    double mean = losses(batch, loss, perExample ? 1 : 1.0 / examples);
    A dz = activations.get(layers - 1);
    for (int i = layers - 1; i >= 0; i--) {
      A x = i == 0 ? math.array(batch.inputs()) : activations.get(i - 1);
      layerGradients(i, x, dz, examples, target, perExample);
      if (l2 > 0) {
        // d(l2 ||W||^2) = 2 l2 W.
        A kernel = math.array(params.get(Mlp.kernel(i)));
        math.addMultiple(2 * l2, kernel, math.array(target.get(Mlp.kernel(i))));
      }
      if (i > 0) {
        dz = inputGradient(params, i, dz, examples);
      }
    }
    return mean + penalty(params);
  }

  private void layerGradients(int i, A x, A dz, int examples, Tree target, boolean perExample) {
    int in = sizes[i];
    int out = sizes[i + 1];
    A kernel = math.array(target.get(Mlp.kernel(i)));
    A bias = math.array(target.get(Mlp.bias(i)));
    if (perExample || examples == 1) {
      // dW_e = x_e' dz_e and db_e = dz_e for each example e.
      math.outerProducts(x, dz, examples, in, out, kernel);
      System.arraycopy(dz, 0, bias, 0, examples * out);
    } else {
      // dW = x' dz and db = 1' dz.
      math.multiply(product, ProductShape.of(in, out, examples).ofTransposedA(), x, dz, kernel);
      math.columnSums(dz, examples, out, bias);
    }
  }

  /** Computes dx = dz W' and carries it through the activation before the layer. */
  private A inputGradient(Tree params, int i, A dz, int examples) {
    int in = sizes[i];
    int out = sizes[i + 1];
    A dx = gradients.get(i - 1);
    A kernel = math.array(params.get(Mlp.kernel(i)));
    math.multiply(product, ProductShape.of(examples, in, out).ofTransposedB(), dz, kernel, dx);
    math.backward(model.activation(), activations.get(i - 1), dx, examples * in);
    return dx;
  }

  private void forward(Tree params, Tensor inputs) {
    check(params, inputs);
    int examples = inputs.shape()[0];
    reserve(examples);
    A x = math.array(inputs);
    for (int i = 0; i < layers; i++) {
      int in = sizes[i];
      int out = sizes[i + 1];
      A z = activations.get(i);
      // z = f(x W + b), without f in the last layer.
      A kernel = math.array(params.get(Mlp.kernel(i)));
      math.multiply(product, ProductShape.of(examples, out, in), x, kernel, z);
      math.addBias(z, math.array(params.get(Mlp.bias(i))), examples, out);
      if (i + 1 < layers) {
        math.activate(model.activation(), z, examples * out);
      }
      x = z;
    }
  }

  /**
   * Returns the mean loss, weighted; replaces the outputs by scale times the gradients of the
   * examples' losses unless the scale is 0.
   */
  private double losses(Batch batch, Loss loss, double scale) {
    int n = model.outputs();
    loss.check(batch.targets(), n);
    A outputs = activations.get(layers - 1);
    double[] row = new double[n];
    double[] gradient = new double[n];
    double sum = 0;
    for (int e = 0; e < batch.size(); e++) {
      double weight = batch.targets().weight(e);
      math.read(outputs, e * n, row);
      sum += weight * loss.example(row, batch.targets(), e, scale == 0 ? null : gradient);
      if (scale != 0) {
        math.write(gradient, scale * weight, outputs, e * n);
      }
    }
    return batch.size() == 0 ? 0 : sum / batch.size();
  }

  private void check(Tree params, Tensor inputs) {
    if (!params.structure().equals(structure)) {
      throw new IllegalArgumentException(
          "params must have the structure of the model, %s, but had %s"
              .formatted(structure, params.structure()));
    }
    if (inputs.dtype() != model.dtype() || inputs.shape()[1] != model.inputs()) {
      throw new IllegalArgumentException(
          "inputs must be %s of shape [examples, %d], but were %s of shape [%d, %d]"
              .formatted(
                  model.dtype(),
                  model.inputs(),
                  inputs.dtype(),
                  inputs.shape()[0],
                  inputs.shape()[1]));
    }
  }
}
