package dev.glissade.models;

import dev.glissade.Tensor;
import dev.glissade.matrix.MatrixProduct;
import dev.glissade.matrix.ProductShape;
import java.util.Arrays;

/** Dense layers in float32. */
final class FloatMath implements DenseMath<float[]> {
  @Override
  public float[] allocate(int size) {
    return new float[size];
  }

  @Override
  public int length(float[] array) {
    return array.length;
  }

  @Override
  public float[] array(Tensor tensor) {
    return tensor.array() instanceof float[] array ? array : tensor.toFloats();
  }

  @Override
  public Tensor wrap(float[] array, int... shape) {
    return Tensor.wrap(array, shape);
  }

  @Override
  public void multiply(MatrixProduct product, ProductShape shape, float[] a, float[] b, float[] c) {
    product.multiply(shape, a, b, c);
  }

  @Override
  public void addBias(float[] z, float[] bias, int rows, int columns) {
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        z[i * columns + j] += bias[j];
      }
    }
  }

  @Override
  public void activate(Activation f, float[] z, int size) {
    if (f == Activation.RELU) {
      for (int i = 0; i < size; i++) {
        z[i] = Math.max(0, z[i]);
      }
      return;
    }
    for (int i = 0; i < size; i++) {
      z[i] = (float) f.at(z[i]);
    }
  }

  @Override
  public void backward(Activation f, float[] results, float[] gradients, int size) {
    if (f == Activation.RELU) {
      for (int i = 0; i < size; i++) {
        // A mask in place of a branch, which the processor would mispredict half of the time: the
        // bits of a positive result are a positive integer, those of zero are 0.
        int mask = -Float.floatToRawIntBits(results[i]) >> 31;
        gradients[i] = Float.intBitsToFloat(Float.floatToRawIntBits(gradients[i]) & mask);
      }
      return;
    }
    for (int i = 0; i < size; i++) {
      gradients[i] *= (float) f.slope(results[i]);
    }
  }

  @Override
  public void columnSums(float[] z, int rows, int columns, float[] sums) {
    Arrays.fill(sums, 0, columns, 0f);
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        sums[j] += z[i * columns + j];
      }
    }
  }

  @Override
  public void outerProducts(float[] x, float[] z, int rows, int in, int out, float[] products) {
    for (int i = 0; i < rows; i++) {
      for (int k = 0; k < in; k++) {
        int at = (i * in + k) * out;
        // The compiler vectorizes a product in place, but not one that reads another array.
        System.arraycopy(z, i * out, products, at, out);
        float factor = x[i * in + k];
        for (int j = at; j < at + out; j++) {
          products[j] *= factor;
        }
      }
    }
  }

  @Override
  public double squares(float[] z) {
    double sum = 0;
    for (float number : z) {
      sum += (double) number * number;
    }
    return sum;
  }

  @Override
  public void addMultiple(double factor, float[] z, float[] sums) {
    for (int i = 0; i < z.length; i++) {
      sums[i] += (float) (factor * z[i]);
    }
  }

  @Override
  public void read(float[] z, int at, double[] row) {
    for (int j = 0; j < row.length; j++) {
      row[j] = z[at + j];
    }
  }

  @Override
  public void write(double[] row, double scale, float[] z, int at) {
    for (int j = 0; j < row.length; j++) {
      z[at + j] = (float) (scale * row[j]);
    }
  }
}
