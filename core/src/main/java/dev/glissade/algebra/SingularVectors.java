package dev.glissade.algebra;

import dev.glissade.DType;
import dev.glissade.Tensor;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Finds the left singular vectors u of the largest singular values of a matrix G with at least as
 * many rows as columns. The eigenvectors v of G'G are its right singular vectors, and u = G v / |G
 * v|; an orthonormalization of these, from the first on, corrects rounding and fills in vectors
 * where G has none.
 *
 * <p>It computes in float64 and reads some rows of G at a time: next to G its memory is small. G'G
 * squares the ratio of singular values, so that those below 1e-8 of the largest are lost in
 * rounding. What they leave is orthonormal, too.
 */
public final class SingularVectors {
  /** Rows of G to take at a time. */
  private static final int BLOCK = 256;

  private final MatrixMultiplier multiplier;
  private final MatrixDecomposer decomposer;
  private final Matrix block;

  /**
   * Makes an instance.
   *
   * @param multiplier computes the products
   * @param decomposer computes the decompositions
   */
  public SingularVectors(MatrixMultiplier multiplier, MatrixDecomposer decomposer) {
    this.multiplier = multiplier;
    this.decomposer = decomposer;
    this.block = matrix();
  }

  private Matrix matrix() {
    return new Matrix(DType.FLOAT64, multiplier);
  }

  /**
   * Returns the vectors of a part of a tensor, which is a matrix as in {@link Matrix#gather}.
   *
   * @param g a real tensor
   * @param base where the matrix begins
   * @param rowAt where each row begins
   * @param columnAt where each column begins; no more columns than rows
   * @param count the number of vectors, at most that of columns
   * @return a float64 matrix with the vectors as columns, each with a positive number of largest
   *     magnitude; null if a number of the matrix is not finite
   */
  public @Nullable Matrix leading(Tensor g, int base, int[] rowAt, int[] columnAt, int count) {
    double largest = largestNorm(g, base, rowAt, columnAt);
    if (!Double.isFinite(largest)) {
      return null;
    }
    double scale = largest == 0 ? 1 : largest;
    Matrix eigenvectors = gram(g, base, rowAt, columnAt, scale).eigenvectors(decomposer);
    Matrix right = matrix().reshape(count, columnAt.length);
    for (int j = 0; j < count; j++) {
      right.copyRows(j, eigenvectors, columnAt.length - 1 - j, 1);
    }
    Matrix left = matrix().reshape(rowAt.length, count);
    Matrix product = matrix();
    for (int i = 0; i < rowAt.length; i += BLOCK) {
      block.gather(g, base, some(rowAt, i), columnAt).divide(scale);
      product.product(1, block, false, right, true, 0);
      left.copyRows(i, product, 0, product.rows());
    }
    return positive(left.orthonormalize(decomposer));
  }

  private double largestNorm(Tensor g, int base, int[] rowAt, int[] columnAt) {
    double largest = 0;
    for (int i = 0; i < rowAt.length; i += BLOCK) {
      largest = Math.max(largest, block.gather(g, base, some(rowAt, i), columnAt).norm());
    }
    return largest;
  }

  /** Returns G'G divided by the square of the scale. */
  private Matrix gram(Tensor g, int base, int[] rowAt, int[] columnAt, double scale) {
    Matrix gram = matrix();
    for (int i = 0; i < rowAt.length; i += BLOCK) {
      block.gather(g, base, columnAt, some(rowAt, i)).divide(scale);
      gram.gram(1, block, i == 0 ? 0 : 1);
    }
    return gram;
  }

  private static int[] some(int[] rowAt, int from) {
    return Arrays.copyOfRange(rowAt, from, Math.min(rowAt.length, from + BLOCK));
  }

  /** Turns each vector so that its number of largest magnitude is positive. */
  private static Matrix positive(Matrix vectors) {
    double[] signs = new double[vectors.columns()];
    for (int j = 0; j < signs.length; j++) {
      double largest = 0;
      for (int i = 0; i < vectors.rows(); i++) {
        double number = vectors.get(i, j);
        largest = Math.abs(number) > Math.abs(largest) ? number : largest;
      }
      signs[j] = largest < 0 ? -1 : 1;
    }
    return vectors.scaleColumns(signs);
  }
}
