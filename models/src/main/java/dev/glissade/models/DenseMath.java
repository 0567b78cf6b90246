package dev.glissade.models;

import dev.glissade.DType;
import dev.glissade.Tensor;
import dev.glissade.matrix.MatrixProduct;
import dev.glissade.matrix.ProductShape;

/**
 * The arithmetic of dense layers on row-major matrices in arrays of one type.
 *
 * @param <A> float[] or double[]
 */
interface DenseMath<A> {
  A allocate(int size);

  int length(A array);

  /** Returns the array of a tensor, without a copy if it has one. */
  A array(Tensor tensor);

  Tensor wrap(A array, int... shape);

  void multiply(MatrixProduct product, ProductShape shape, A a, A b, A c);

  /** Adds the bias to each row of z. */
  void addBias(A z, A bias, int rows, int columns);

  /** Applies f to the first numbers of z. */
  void activate(Activation f, A z, int size);

  /** Multiplies gradients by f' where f has these results. */
  void backward(Activation f, A results, A gradients, int size);

  /** Computes the sum of each column of z. */
  void columnSums(A z, int rows, int columns, A sums);

  /** Computes x_i' z_i for each row i. */
  void outerProducts(A x, A z, int rows, int in, int out, A products);

  /** Returns the sum of all squares. */
  double squares(A z);

  /** Adds a multiple of all of z to the sums. */
  void addMultiple(double factor, A z, A sums);

  /** Copies a row of z. */
  void read(A z, int at, double[] row);

  /** Writes scale times a row to z. */
  void write(double[] row, double scale, A z, int at);

  /** Returns the arithmetic for a type that {@link Matrices#checkType} accepts. */
  static DenseMath<?> of(DType type) {
    return type == DType.FLOAT32 ? new FloatMath() : new DoubleMath();
  }
}
