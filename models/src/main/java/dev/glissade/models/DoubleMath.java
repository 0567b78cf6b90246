package dev.glissade.models;

import dev.glissade.Tensor;
import dev.glissade.matrix.MatrixProduct;
import dev.glissade.matrix.ProductShape;
import java.util.Arrays;

/** Dense layers in float64. */
final class DoubleMath implements DenseMath<double[]> {
  @Override
  public double[] allocate(int size) {
    return new double[size];
  }

  @Override
  public int length(double[] array) {
    return array.length;
  }

  @Override
  public double[] array(Tensor tensor) {
    return tensor.array() instanceof double[] array ? array : tensor.toDoubles();
  }

  @Override
  public Tensor wrap(double[] array, int... shape) {
    return Tensor.wrap(array, shape);
  }

  @Override
  public void multiply(
      MatrixProduct product, ProductShape shape, double[] a, double[] b, double[] c) {
    product.multiply(shape, a, b, c);
  }

  @Override
  public void addBias(double[] z, double[] bias, int rows, int columns) {
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        z[i * columns + j] += bias[j];
      }
    }
  }

  @Override
  public void activate(Activation f, double[] z, int size) {
    if (f == Activation.RELU) {
      for (int i = 0; i < size; i++) {
        z[i] = Math.max(0, z[i]);
      }
      return;
    }
    for (int i = 0; i < size; i++) {
      z[i] = f.at(z[i]);
    }
  }

  @Override
  public void backward(Activation f, double[] results, double[] gradients, int size) {
    if (f == Activation.RELU) {
      for (int i = 0; i < size; i++) {
        // A mask in place of a branch, which the processor would mispredict half of the time: the
        // bits of a positive result are a positive integer, those of zero are 0.
        long mask = -Double.doubleToRawLongBits(results[i]) >> 63;
        gradients[i] = Double.longBitsToDouble(Double.doubleToRawLongBits(gradients[i]) & mask);
      }
      return;
    }
    for (int i = 0; i < size; i++) {
      gradients[i] *= f.slope(results[i]);
    }
  }

  @Override
  public void columnSums(double[] z, int rows, int columns, double[] sums) {
    Arrays.fill(sums, 0, columns, 0);
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        sums[j] += z[i * columns + j];
      }
    }
  }

  @Override
  public void outerProducts(double[] x, double[] z, int rows, int in, int out, double[] products) {
    for (int i = 0; i < rows; i++) {
      for (int k = 0; k < in; k++) {
        int at = (i * in + k) * out;
        // The compiler vectorizes a product in place, but not one that reads another array.
        System.arraycopy(z, i * out, products, at, out);
        double factor = x[i * in + k];
        for (int j = at; j < at + out; j++) {
          products[j] *= factor;
        }
      }
    }
  }

  @Override
  public double squares(double[] z) {
    double sum = 0;
    for (double number : z) {
      sum += number * number;
    }
    return sum;
  }

  @Override
  public void addMultiple(double factor, double[] z, double[] sums) {
    for (int i = 0; i < z.length; i++) {
      sums[i] += factor * z[i];
    }
  }

  @Override
  public void read(double[] z, int at, double[] row) {
    for (int j = 0; j < row.length; j++) {
      row[j] = z[at + j];
    }
  }

  @Override
  public void write(double[] row, double scale, double[] z, int at) {
    for (int j = 0; j < row.length; j++) {
      z[at + j] = (scale * row[j]);
    }
  }
}
