package dev.glissade.spark.ml;

import dev.glissade.Tree;
import dev.glissade.models.Activation;
import dev.glissade.models.Mlp;

/**
 * Computes a network's outputs for one row at a time, as spark.ml asks for them: plain loops, since
 * products of matrices only pay for many rows. May be shared by threads.
 */
final class RowNetwork {
  private final Activation activation;

  /** The kernels, row after row of inputs, and the biases. */
  private final float[][] kernels;

  private final float[][] biases;

  RowNetwork(Mlp mlp, Tree params) {
    int layers = mlp.hidden().size() + 1;
    activation = mlp.activation();
    kernels = new float[layers][];
    biases = new float[layers][];
    for (int i = 0; i < layers; i++) {
      kernels[i] = params.get("dense" + i + "/kernel").toFloats();
      biases[i] = params.get("dense" + i + "/bias").toFloats();
    }
  }

  float[] outputs(float[] row) {
    float[] x = row;
    for (int i = 0; i < kernels.length; i++) {
      x = layer(x, kernels[i], biases[i]);
      if (i + 1 < kernels.length) {
        activate(x);
      }
    }
    return x;
  }

  /** Computes z = x W + b. */
  private static float[] layer(float[] x, float[] kernel, float[] bias) {
    float[] z = bias.clone();
    for (int in = 0; in < x.length; in++) {
      float factor = x[in];
      if (factor != 0) {
        int from = in * z.length;
        for (int out = 0; out < z.length; out++) {
          z[out] += factor * kernel[from + out];
        }
      }
    }
    return z;
  }

  private void activate(float[] z) {
    for (int i = 0; i < z.length; i++) {
      z[i] =
          switch (activation) {
            case RELU -> z[i] <= 0 ? 0 : z[i];
            case TANH -> (float) Math.tanh(z[i]);
            case SIGMOID -> (float) (1 / (1 + Math.exp(-z[i])));
          };
    }
  }
}
